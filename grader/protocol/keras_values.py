"""Keras objects to plain values and back. The only module that both sides of the channel use Keras through.

`describe` runs in a subject; `rebuild` runs in a subject on what the grader sends, and in the grader after vetting.
Keras itself is imported only when an object of it is at hand.
"""

from __future__ import annotations

import sys
import types
from typing import Any

import numpy as np

from grader.protocol.values import KerasValue, Opaque

_KINDS = (
    ("model", "keras.src.models.model", "Model"),
    ("layer", "keras.src.layers.layer", "Layer"),
    ("optimizer", "keras.src.optimizers.base_optimizer", "BaseOptimizer"),
    ("loss", "keras.src.losses.loss", "Loss"),
    ("metric", "keras.src.metrics.metric", "Metric"),
    ("history", "keras.src.callbacks.history", "History"),
)
_ACTIVATIONS = ("activation", "recurrent_activation")
_COMPILED = ("loss", "metrics", "weighted_metrics")
"""Arguments of `compile()` that may hold functions."""


def kind_of(value: object) -> str | None:
    """Which kind of Keras object `value` is, or None. Imports nothing: an object's class is loaded already."""
    if "keras" not in sys.modules:
        return None
    for kind, module, name in _KINDS:
        base = getattr(sys.modules.get(module), name, None)
        if base is not None and isinstance(value, base):
            return kind
    return None


def describe(value: object) -> KerasValue | Opaque | None:
    """`value` as configuration, weights and facts; None if it is no Keras object.

    An object that cannot be described (a class whose `get_config` raises) becomes `Opaque` with the reason. In a
    subject all of this is the subject's own word: whoever receives it takes shapes and settings from what it rebuilds,
    and has only the facts to go by where objects are to be told apart, since values do not say whether two were one.
    """
    kind = kind_of(value)
    if kind is None:
        return None
    try:
        if kind == "history":
            return _describe_history(value)
        return _describe_object(kind, value)
    except Exception as error:  # noqa: BLE001 - the student's own classes may raise anything
        name = f"{type(value).__module__}.{type(value).__qualname__}"
        return Opaque(name, _numpy_function(value) or f"{type(error).__name__}: {error}")


def _describe_history(value: Any) -> KerasValue:
    numbers = {str(name): [float(number) for number in series] for name, series in value.history.items()}
    return KerasValue("history", {"class_name": "History", "config": numbers})


def _describe_object(kind: str, value: Any) -> KerasValue:
    import keras  # noqa: PLC0415 - loaded already, or `kind` would be None

    facts: dict[str, Any] = {"identity": id(value)}
    if kind == "model" and type(value) is not keras.Sequential and isinstance(value, keras.Sequential):
        # A subclass of Sequential leaves as the plain layers it is made of.
        config = _plain(_as_sequential(value))
    else:
        config = _plain(keras.saving.serialize_keras_object(value))
    weights: tuple[np.ndarray, ...] = ()
    if kind in {"layer", "model"}:
        weights = tuple(np.asarray(array) for array in value.get_weights())
        facts["weight_identities"] = [id(variable) for variable in value.weights]
        facts["own_functions"] = _own_functions(value)
    if kind == "model":
        facts["layer_identities"] = [id(layer) for layer in getattr(value, "layers", [])]
        if getattr(value, "compiled", False):
            facts["optimizer_identity"] = id(value.optimizer)
    return KerasValue(kind, config, weights, facts)


def _numpy_function(value: Any) -> str:
    """What is told of a NumPy function among the activations, which Keras cannot write down; empty without one."""
    try:
        return next(
            f"{setting}=numpy.{function.__name__} in {type(layer).__name__} {layer.name}"
            for layer in value._flatten_layers()  # noqa: SLF001 - as below
            for setting in _ACTIVATIONS
            if isinstance(function := getattr(layer, setting, None), np.ufunc)
        )
    except Exception:  # noqa: BLE001 - no layer, none with such a function, or a class that raises here as well
        return ""


def _own_functions(value: Any) -> list[list[str]]:
    """`[owner, setting, function]` of activations, losses and metrics that are neither Keras's nor TensorFlow's.

    A configuration names a function only, so a student's own `relu` would be rebuilt as Keras's.
    """
    layers = [
        (f"{type(layer).__name__} {layer.name}", setting, getattr(layer, setting, None))
        for layer in value._flatten_layers()  # noqa: SLF001 - Keras has no public way to the layers within layers
        for setting in _ACTIVATIONS
    ]
    return [
        [owner, setting, function.__name__]
        for owner, setting, function in [*layers, *_compiled_with(value)]
        if isinstance(function, types.FunctionType)
        and str(function.__module__).partition(".")[0] not in {"keras", "tensorflow"}
    ]


def _compiled_with(value: Any) -> list[tuple[str, str, Any]]:
    """`(owner, setting, value)` for each loss and metric that a model was compiled with."""
    import keras  # noqa: PLC0415 - as above

    # Keras's own public account, `get_compile_config`, holds no more than the functions' names.
    given = getattr(getattr(value, "_compile_config", None), "config", None)
    settings = given if isinstance(given, dict) else {}
    return [("compile()", name, each) for name in _COMPILED for each in keras.tree.flatten(settings.get(name))]


def _as_sequential(model: Any) -> dict[str, Any]:
    import keras  # noqa: PLC0415 - as above

    config = keras.saving.serialize_keras_object(model)
    config |= {"module": "keras", "class_name": "Sequential", "registered_name": None}
    config["config"] = keras.Sequential.get_config(model)
    return dict(config)


def _plain(value: Any) -> Any:
    """`value` with every container plain, and what is no plain value told by its class."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str, np.ndarray, np.generic)):
        return value
    kind = type(value)
    return {"module": kind.__module__, "class_name": "__object__", "config": kind.__qualname__}


def rebuild(value: KerasValue) -> Any:
    """The Keras object that `value` describes, with its weights and compile settings.

    Call it only on a vetted value. Raises whatever Keras raises for a configuration that it cannot use.
    """
    import keras  # noqa: PLC0415 - needed only where a model is

    if value.kind == "history":
        return dict(value.config["config"])
    built = keras.saving.deserialize_keras_object(value.config, safe_mode=True)
    if value.weights:
        _build(built, value)
        built.set_weights(list(value.weights))
    return built


def _build(built: Any, value: KerasValue) -> None:
    if not built.built:
        shape = (value.config.get("build_config") or {}).get("input_shape")
        built.build(tuple(shape) if shape else None)
