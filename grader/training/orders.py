"""What is to be trained, what came of it, and the key under which that is remembered."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from typing import Any, Final, Literal

import msgspec

from grader.errors import ModelError
from grader.language import _
from grader.protocol.values import KerasValue, encode
from grader.records import Record
from grader.training.examination import Examination
from grader.training.vet import cleaned, cleaned_compile_config
from grader.training.wiring import layer_names, nameless

KEY_FORMAT: Final = 2
"""Counts up when the same order would come to other digits, for example by another way to train, and when keys of an
older form may stand for another order."""
_PACKAGES: Final = ("tensorflow", "keras", "numpy")
_MAX_BYTES: Final = 2**30
"""Of a configuration, which came in an answer of a tenth of this at most."""


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

    Names of layers and models are left out: the second `Dense` of a program is `dense_1` and trains as `dense`. Raises
    ModelError for a model that cannot be told without them.
    """
    content = {
        "format": KEY_FORMAT,
        "model": _digest(order.config),
        "compile": _digest(order.compile_config),
        "outputs": _outputs_by_name(order),
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


def _digest(config: dict[str, Any]) -> str:
    """The SHA-256 of a configuration without names. Raises ModelError where they cannot be taken out."""
    # In the form that the trainer is sent, which keeps apart what JSON does not, such as tuples and lists.
    return hashlib.sha256(encode(nameless(config), limit=_MAX_BYTES)).hexdigest()


def _outputs_by_name(order: TrainingOrder) -> list[Any]:
    """The names of the layers where the loss is told by them, as in `loss={"output": "mse"}`; else nothing."""
    told = [order.compile_config.get(setting) for setting in ("loss", "loss_weights")]
    return layer_names(order.config) if any(map(_holds_names, told)) else []


def _holds_names(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_holds_names, value))
    return isinstance(value, dict) and "class_name" not in value
