"""Orders and the keys under which trainings are remembered."""

from __future__ import annotations

import copy
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.errors import ModelError
from grader.protocol.values import KerasValue
from grader.training import TrainingOrder, order_for, orders, training_key
from grader.training.orders import vetted
from tests.training.configs import (
    TWO_LAYERS,
    dense,
    entrance,
    functional,
    keras_object,
    model,
    sequential,
)

DATA = "0" * 64


def key(config: dict[str, Any], **changes: Any) -> str:
    return training_key(msgspec.structs.replace(order_for(model(config)), **changes), data_sha256=DATA)


def renamed(config: Any, suffix: str) -> Any:
    """The same configuration as a program writes it that has built other layers before."""
    if isinstance(config, list):
        return [renamed(item, suffix) for item in config]
    if isinstance(config, tuple):
        return tuple(renamed(item, suffix) for item in config)
    if not isinstance(config, dict):
        return config
    copied = {name: renamed(item, suffix) for name, item in config.items()}
    if isinstance(copied.get("name"), str):
        copied["name"] += suffix
    for reference in ("keras_history", "input_layers", "output_layers"):
        if reference in copied:
            copied[reference] = [copied[reference][0] + suffix, *copied[reference][1:]]
    return copied


CHAIN = functional(
    entrance(784), dense(100, name="a"), dense(50, name="b"), dense(10, name="c"), first="input_layer", last="c"
)


@pytest.mark.parametrize("config", [TWO_LAYERS, CHAIN, sequential(TWO_LAYERS, dense(10))])
def test_names_do_not_change_the_key(config: dict[str, Any]) -> None:
    assert key(config) == key(renamed(config, "_7"))


def test_weights_and_compile_settings_that_are_replaced_do_not_change_the_key() -> None:
    compiled = TWO_LAYERS | {"compile_config": {"optimizer": "sgd", "loss": "mse", "metrics": ["accuracy"]}}
    value = KerasValue("model", compiled, (np.ones(3),), {"built": True})
    assert training_key(order_for(value), data_sha256=DATA) == key(TWO_LAYERS)


def rewired() -> dict[str, Any]:
    """`CHAIN` with its last layer fed from another."""
    config = copy.deepcopy(CHAIN)
    tensor = config["config"]["layers"][3]["inbound_nodes"][0]["args"][0]
    tensor["config"]["keras_history"] = ["a", 0, 0]
    return config


@pytest.mark.parametrize(
    "other",
    [
        sequential(dense(101, "sigmoid"), dense(10, "softmax")),
        sequential(dense(100, "relu"), dense(10, "softmax")),
        sequential(dense(10, "softmax")),
        sequential(dense(10, "softmax"), dense(100, "sigmoid")),
        sequential(dense(100, "sigmoid"), dense(10, "softmax") | {"build_config": {"input_shape": (None, 99)}}),
        CHAIN,
    ],
)
def test_another_architecture_has_another_key(other: dict[str, Any]) -> None:
    assert key(other) != key(TWO_LAYERS)


def test_another_wiring_has_another_key() -> None:
    assert key(rewired()) != key(CHAIN)


def test_everything_that_the_digits_depend_on_changes_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    optimizer = {"optimizer": keras_object("keras.optimizers", "Adam", learning_rate=0.001)}
    rounded = {"optimizer": keras_object("keras.optimizers", "Adam", learning_rate=0.0010000000474974513)}
    loss = {"loss": "sparse_categorical_crossentropy"}
    keys = [
        key(TWO_LAYERS),
        key(TWO_LAYERS, inputs="images"),
        key(TWO_LAYERS, epochs=6),
        key(TWO_LAYERS, batch_size=64),
        key(TWO_LAYERS, seed=1),
        key(TWO_LAYERS, compile_config=loss | {"optimizer": "adam"}),
        key(TWO_LAYERS, compile_config=loss | optimizer),
        key(TWO_LAYERS, compile_config=loss | rounded),
        training_key(order_for(model(TWO_LAYERS)), data_sha256="1" * 64),
    ]
    monkeypatch.setattr(orders, "KEY_FORMAT", 999)
    keys.append(key(TWO_LAYERS))
    monkeypatch.setattr("importlib.metadata.version", lambda _name: "0")
    keys.append(key(TWO_LAYERS))
    assert len(set(keys)) == len(keys)


def test_the_name_of_an_optimizer_object_does_not_change_the_key() -> None:
    first, second = (keras_object("keras.optimizers", "Adam", name=name) for name in ("adam", "adam_1"))
    settings = [{"optimizer": optimizer, "loss": "mse"} for optimizer in (first, second)]
    assert key(TWO_LAYERS, compile_config=settings[0]) == key(TWO_LAYERS, compile_config=settings[1])


def test_the_element_type_is_part_of_the_key_although_it_is_called_a_name() -> None:
    policies = [keras_object("keras", "DTypePolicy", name=name) for name in ("float32", "mixed_float16")]
    keys = {key(sequential(keras_object("keras.layers", "Dense", units=10, dtype=policy))) for policy in policies}
    assert len(keys) == 2


def test_the_students_own_compile_settings_are_used_where_the_check_gives_none() -> None:
    compiled = {"optimizer": "adam", "loss": "mse", "loss_weights": ["accuracy"], "metrics": ["auc"]}
    config = TWO_LAYERS | {"compile_config": compiled}
    assert order_for(model(config), optimizer=None, loss=None).compile_config == {
        "optimizer": "adam",
        "loss": "mse",
        "loss_weights": ["accuracy"],
    }
    assert order_for(model(config), optimizer=None).compile_config == {
        "optimizer": "adam",
        "loss": "sparse_categorical_crossentropy",
    }


@pytest.mark.parametrize("compiled", [{}, None, {"optimizer": "adam"}, {"optimizer": "adam", "loss": None}])
def test_a_model_that_was_not_compiled_is_named(compiled: Any) -> None:
    with pytest.raises(ModelError, match="not compiled"):
        order_for(model(TWO_LAYERS | {"compile_config": compiled}), optimizer=None, loss=None)


def test_only_models_are_trained() -> None:
    with pytest.raises(ModelError, match="Only a model"):
        order_for(KerasValue("layer", dense(10)))


def test_an_order_is_vetted_again() -> None:
    hostile = TrainingOrder(config=sequential({"class_name": "Lambda"}), compile_config={}, inputs="flat")
    with pytest.raises(ModelError):
        vetted(hostile)
    hostile = TrainingOrder(
        config=TWO_LAYERS, compile_config={"loss": {"class_name": "__lambda__", "config": {}}}, inputs="flat"
    )
    with pytest.raises(ModelError):
        vetted(hostile)
