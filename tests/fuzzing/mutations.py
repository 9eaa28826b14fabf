"""Changes to values that keep them values, for a fuzzer that would otherwise spend its time on lengths."""

from __future__ import annotations

import random
from typing import Any, Final

import numpy as np

from grader.protocol.values import KERAS_KINDS, KerasValue

_NUMBERS: Final = (
    *(0, 1, -1, 2, 10, 255, 2**31, 2**63, -(2**63), 10**12, 10**300, True, False),
    *(0.0, 0.5, -1.0, 1e308, float("nan"), float("inf"), float("-inf"), 1j),
)
_KEYS: Final = tuple(
    """
    class_name config module registered_name name layers layer cell units filters kernel_size shape batch_shape
    input_shape target_shape build_config compile_config inbound_nodes args kwargs activation kernel_initializer dtype
    value start stop step input_layers output_layers shared_object_id optimizer loss loss_weights metrics learning_rate
    seed identity weight_identities layer_identities optimizer_identity own_functions built compiled keras_history
    """.split()
)
_TEXTS: Final = (
    *("", "\ud800", "a" * 2_000, "Dense", "Sequential", "Functional", "InputLayer", "Lambda", "StringLookup", "Adam"),
    *("Bidirectional", "TimeDistributed", "LSTM", "RNN", "__numpy__", "__tensor__", "__slice__", "__keras_tensor__"),
    *("__lambda__", "__object__", "__bytes__", "__typespec__", "__ellipsis__", "function", "relu", "softmax"),
    *("keras", "keras.layers", "keras.optimizers", "keras.src.models.functional", "keras.src.ops.numpy", "builtins"),
    *("os", "float32", "object", "V2000000000", "dense", "input_layer", "package>Dense"),
)
_ARRAYS: Final = (
    np.zeros(3, np.float32),
    np.zeros((0, 2**40), np.float64),
    np.zeros((784, 10), np.float32),
    np.array(["a"]),
    np.zeros((), np.complex128),
    np.float32("nan"),
    np.int64(7),
    np.str_("relu"),
)
_MANY: Final = 40


def mutated(value: Any, source: random.Random) -> Any:
    """`value` with one to four changes somewhere in it."""
    pool = _parts(value, [])
    for _ in range(source.randint(1, 4)):
        value = _changed(value, source, pool)
    return value


def _parts(value: Any, found: list[Any]) -> list[Any]:
    found.append(value)
    if isinstance(value, KerasValue):
        value = [value.config, value.facts]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple) and len(found) < 2_000:
        for item in value:
            _parts(item, found)
    return found


def _changed(value: Any, source: random.Random, pool: list[Any]) -> Any:
    if source.random() < 0.1:
        return _other(value, source, pool)
    if isinstance(value, KerasValue):
        return _changed_keras(value, source, pool)
    if isinstance(value, dict) and value:
        return _changed_dict(value, source, pool)
    if isinstance(value, list | tuple) and value:
        items = list(value)
        position = source.randrange(len(items))
        action = source.random()
        if action < 0.1:
            del items[position]
        elif action < 0.2:
            items[position:position] = [items[position]] * source.choice((1, 2, _MANY))
        else:
            items[position] = _changed(items[position], source, pool)
        return type(value)(items)
    return _other(value, source, pool)


def _changed_dict(value: dict[Any, Any], source: random.Random, pool: list[Any]) -> dict[Any, Any]:
    copied = dict(value)
    key = source.choice(list(copied))
    action = source.random()
    if action < 0.08:
        del copied[key]
    elif action < 0.16:
        copied[source.choice((*_KEYS, 7))] = source.choice(pool)
    else:
        copied[key] = _changed(copied[key], source, pool)
    return copied


def _changed_keras(value: KerasValue, source: random.Random, pool: list[Any]) -> KerasValue:
    kind, config, weights, facts = value.kind, value.config, value.weights, value.facts
    match source.randrange(10):
        case 0:
            kind = source.choice(sorted(KERAS_KINDS))
        case 1:
            weights = _changed_weights(weights, source)
        case 2 | 3 | 4:
            facts = _as_dict(_changed(facts, source, pool), facts)
        case _:
            config = _as_dict(_changed(config, source, pool), config)
    return KerasValue(kind, config, weights, facts)


def _changed_weights(weights: tuple[np.ndarray, ...], source: random.Random) -> tuple[np.ndarray, ...]:
    items = list(weights)
    source.shuffle(items)
    if source.random() < 0.5:
        items.append(np.asarray(source.choice(_ARRAYS)))
    return tuple(items[source.randrange(len(items) + 1) :])


def _as_dict(changed: Any, before: dict[Any, Any]) -> dict[Any, Any]:
    return changed if isinstance(changed, dict) else before


def _other(value: Any, source: random.Random, pool: list[Any]) -> Any:
    choices: tuple[Any, ...] = (
        None,
        source.choice(_NUMBERS),
        source.choice(_TEXTS),
        source.choice(_KEYS),
        source.choice(_ARRAYS),
        source.choice(pool),
        [value],
        (value, value),
        {source.choice(_KEYS): value},
        [],
        {},
        [value] * _MANY,
        b"bytes",
    )
    return source.choice(choices)
