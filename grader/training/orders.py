"""What is to be trained, what came of it, and the key under which that is remembered."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from grader.errors import ModelError
from grader.language import _
from grader.protocol.values import KerasValue
from grader.records import Record
from grader.training.catalog import CLASSES, Category
from grader.training.examination import Examination
from grader.training.vet import cleaned, cleaned_compile_config

KEY_FORMAT: Final = 1
"""Counts up when the same order would come to other digits, for example by another way to train."""
_PACKAGES: Final = ("tensorflow", "keras", "numpy")


class TrainingOrder(Record, frozen=True, kw_only=True):
    """A model to be trained: its vetted configuration, how it is compiled, and what it is fed."""

    config: dict[str, Any]
    """the serialized model, without weights"""
    compile_config: dict[str, Any]
    """`optimizer`, `loss` and, where the student gave them, `loss_weights`"""
    inputs: Literal["images", "flat"]
    """`(n, 28, 28)` or `(n, 784)`"""
    epochs: int = 5
    batch_size: int = 32
    seed: int = 42


class Trained(Record, frozen=True, kw_only=True):
    """What came of a training."""

    history: dict[str, tuple[float, ...]]
    """a number an epoch for each of `loss`, `accuracy`, `val_loss` and `val_accuracy`; NaN where a model diverged"""
    validation_accuracy: float
    test_accuracy: float
    remembered: bool
    """whether it was looked up instead of trained"""
    seconds: float
    """wall time of the training, when it was done"""
    examination: Examination | None = None
    """confusions and mistakes on the validation split; None for outputs that are not one number for each class"""


def order_for(
    model: KerasValue,
    *,
    inputs: Literal["images", "flat"] = "flat",
    optimizer: str | None = "rmsprop",
    loss: str | None = "sparse_categorical_crossentropy",
    epochs: int = 5,
) -> TrainingOrder:
    """The order to train `model`; an optimizer or loss of None is the one that the student compiled it with.

    Raises ModelError when the value is no model that may be rebuilt, or was not compiled and had to be.
    """
    if model.kind != "model":
        raise ModelError(
            _("Only a model can be trained, and this is a {kind}.", kind=model.kind),
            hint=_("Return the model itself, as `keras.Sequential([...])` gives it."),
        )
    config = dict(cleaned(model).config)
    compiled = config.pop("compile_config", None) or {}
    if None in {optimizer, loss} and not (compiled.get("optimizer") and compiled.get("loss")):
        raise ModelError(
            _("The model is not compiled with an optimizer and a loss, so it cannot be trained as you compiled it."),
            hint=_(
                'Call model.compile(optimizer=..., loss="sparse_categorical_crossentropy", metrics=["accuracy"]) '
                "before you return it."
            ),
        )
    settings = {"optimizer": optimizer or compiled["optimizer"], "loss": loss or compiled["loss"]}
    if loss is None and compiled.get("loss_weights") is not None:
        settings["loss_weights"] = compiled["loss_weights"]
    return TrainingOrder(config=config, compile_config=settings, inputs=inputs, epochs=epochs)


def vetted(order: TrainingOrder) -> TrainingOrder:
    """`order` with copies of its configurations that hold only what was vetted. Raises ModelError."""
    config = dict(cleaned(KerasValue("model", order.config)).config)
    config.pop("compile_config", None)
    return msgspec.structs.replace(order, config=config, compile_config=cleaned_compile_config(order.compile_config))


def training_key(order: TrainingOrder, *, data_sha256: str) -> str:
    """The SHA-256, in hexadecimal, of all that the accuracy depends on.

    Names of layers and models are left out: the second `Dense` of a program is `dense_1` and trains as `dense`.
    """
    content = {
        "format": KEY_FORMAT,
        "model": _anonymous(order.config, {}),
        "compile": _anonymous(order.compile_config, {}),
        "inputs": order.inputs,
        "epochs": order.epochs,
        "batch_size": order.batch_size,
        "seed": order.seed,
        "data": data_sha256,
        "versions": {package: importlib.metadata.version(package) for package in _PACKAGES},
        "machine": platform.machine(),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _anonymous(value: Any, names: Mapping[str, str]) -> Any:
    """`value` without names; a reference to a layer becomes the layer's position within its model."""
    if isinstance(value, (list, tuple)):
        return [_anonymous(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    if "class_name" in value:
        return _anonymous_object(value, names)
    return {key: _anonymous(item, names) for key, item in value.items()}


def _anonymous_object(value: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    config = value["config"]
    named = {key: item for key, item in value.items() if key not in {"name", "registered_name", "shared_object_id"}}
    if not isinstance(config, dict):
        return named
    if value["class_name"] == "__keras_tensor__":
        return named | {"config": config | {"keras_history": _reference(config["keras_history"], names)}}
    category = CLASSES.get((value.get("module", ""), value["class_name"]), Category.SETTING)
    if category is Category.MODEL:
        inner: Mapping[str, str] = {_name(layer): str(i) for i, layer in enumerate(config.get("layers") or [])}
    else:
        inner = names
    copied = {
        key: _reference(item, inner) if key in {"input_layers", "output_layers"} else _anonymous(item, inner)
        for key, item in config.items()
        if key != "name" or category is Category.SETTING
    }
    outside = {key: _anonymous(item, names) for key, item in named.items() if key != "config"}
    return outside | {"config": copied}


def _name(layer: dict[str, Any]) -> str:
    return str(layer.get("name") or layer["config"].get("name"))


def _reference(value: Any, names: Mapping[str, str]) -> Any:
    """`[layer, node, tensor]`, or a structure of such, with the layer's position for its name."""
    if isinstance(value, dict):
        return {key: _reference(item, names) for key, item in value.items()}
    if not isinstance(value, (list, tuple)):
        return value
    if len(value) == 3 and isinstance(value[0], str):
        return [names.get(value[0], value[0]), *value[1:]]
    return [_reference(item, names) for item in value]
