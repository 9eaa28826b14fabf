"""How a student compiled a model, read from what crossed; no spelling of a loss or a metric makes it raise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from grader.checking.origins import origin

_SHORT_NAMES: Final = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
    "kullback_leibler_divergence": "kl_divergence",
    "kldivergence": "kl_divergence",
    "acc": "accuracy",
}
"""Other names that `keras.losses.get` and `compile(metrics=...)` take for the same thing, Keras 3."""


@dataclass(frozen=True, slots=True, eq=False)
class CompileSettings:
    """What `compile()` was given. An empty string stands for what was left out or has no name.

    `optimizer` is the rebuilt optimizer object, or None where only the value that crossed is at hand; its name and
    configuration are there in any case. Loss and metrics have one spelling each, such as
    `sparse_categorical_crossentropy` and `accuracy`.
    """

    optimizer: Any
    optimizer_name: str
    optimizer_config: dict[str, Any]
    loss_name: str
    from_logits: bool
    metrics: tuple[str, ...]


def compile_settings(model: Any) -> CompileSettings | None:
    """How `model` was compiled, or None if it was not.

    Raises CheckFailed when `model` is no Keras object.
    """
    facts = origin(model).facts
    config = facts.get("compile_config")
    if not facts.get("compiled") or not isinstance(config, dict):
        return None
    optimizer, loss = config.get("optimizer"), config.get("loss")
    return CompileSettings(
        optimizer=getattr(model, "optimizer", None),
        optimizer_name=_class_name(optimizer),
        optimizer_config=_config(optimizer),
        loss_name=canonical_name(loss),
        from_logits=_config(loss).get("from_logits") is True,
        metrics=tuple(canonical_name(metric) for metric in _flat(config.get("metrics"))),
    )


def canonical_name(value: Any) -> str:
    """One spelling for a loss or metric, given as a string, a serialized object or a serialized function."""
    if isinstance(value, str):
        name = value
    elif isinstance(value, dict) and isinstance(value.get("class_name"), str):
        config = value.get("config")
        name = value["class_name"]
        if name in {"function", "__object__"}:
            name = config if isinstance(config, str) else ""
        elif name in {"MeanMetricWrapper", "LossFunctionWrapper"} and isinstance(config, dict):
            return canonical_name(config.get("fn"))
    else:
        return ""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.rpartition(".")[2]).lower()
    return _SHORT_NAMES.get(snake, snake)


def _class_name(value: Any) -> str:
    if isinstance(value, str):
        return value
    name = value.get("class_name") if isinstance(value, dict) else None
    return name if isinstance(name, str) else ""


def _config(value: Any) -> dict[str, Any]:
    config = value.get("config") if isinstance(value, dict) else None
    return config if isinstance(config, dict) else {}


def _flat(value: Any) -> list[Any]:
    """The metrics of all outputs in one list: Keras takes a list, a list of lists, or a dictionary by output."""
    if isinstance(value, list | tuple):
        return [metric for item in value for metric in _flat(item)]
    if isinstance(value, dict) and "class_name" not in value:
        return [metric for item in value.values() for metric in _flat(item)]
    return [] if value is None else [value]
