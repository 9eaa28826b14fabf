"""Keras configurations as plain values, the way a subject sends them, made without Keras."""

from __future__ import annotations

from typing import Any

from grader.protocol.values import KerasValue
from grader.training import ConfidentMistake, Examination, Trained


def keras_object(module: str, name: str, /, **config: Any) -> dict[str, Any]:
    return {"module": module, "class_name": name, "config": config, "registered_name": None}


def layer(name: str, /, **config: Any) -> dict[str, Any]:
    return keras_object("keras.layers", name, **config)


def dense(units: Any, activation: Any = "relu", name: str = "dense") -> dict[str, Any]:
    return layer("Dense", name=name, units=units, activation=activation)


def entrance(*shape: int | None) -> dict[str, Any]:
    return layer("InputLayer", batch_shape=(None, *shape), dtype="float32", name="input_layer")


def sequential(*layers: Any, shape: tuple[int, ...] = (784,), **parts: Any) -> dict[str, Any]:
    return keras_object("keras", "Sequential", name="sequential", layers=[entrance(*shape), *layers]) | parts


def functional(*layers: Any, first: str, last: str) -> dict[str, Any]:
    """A model of a chain of layers, each called once on the one before it."""
    chained: list[dict[str, Any]] = []
    for current in layers:
        nodes = [node(chained[-1]["name"])] if chained else []
        chained.append(current | {"name": current["config"]["name"], "inbound_nodes": nodes})
    config = {"name": "model", "layers": chained, "input_layers": [first, 0, 0], "output_layers": [last, 0, 0]}
    return keras_object("keras.src.models.functional", "Functional", **config) | {"registered_name": "Functional"}


def node(source: str) -> dict[str, Any]:
    history = {"shape": (None, 784), "dtype": "float32", "keras_history": [source, 0, 0]}
    return {"args": [{"class_name": "__keras_tensor__", "config": history}], "kwargs": {}}


def function(name: str, module: str = "builtins") -> dict[str, Any]:
    return {"module": module, "class_name": "function", "config": name, "registered_name": "function"}


def model(config: dict[str, Any]) -> KerasValue:
    return KerasValue("model", config)


TWO_LAYERS = sequential(dense(100, "sigmoid", "hidden"), dense(10, "softmax", "output"))


def trained(accuracy: float = 0.5, loss: float = 1.0) -> Trained:
    return Trained(
        history={"loss": (2.0, loss), "accuracy": (0.3, 0.4), "val_loss": (2.0, loss), "val_accuracy": (0.3, accuracy)},
        validation_accuracy=accuracy,
        test_accuracy=0.25,
        remembered=False,
        seconds=1.5,
        examination=Examination(
            confusion=((3, 1), (0, 4)),
            mistakes=(ConfidentMistake(index=5, target=0, predicted=1, probability=0.875),),
        ),
    )
