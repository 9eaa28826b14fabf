"""What a Keras value from a subject must be before Keras sees it. Nothing in this module imports Keras.

Keras builds whatever a configuration names, and its safe mode has had holes more than once (CVE-2024-3660, -2025-1550,
-8747, -9905, -9906, -12058, -49655). So it is given a copy that holds nothing but classes and functions of `catalog`,
numbers within bounds and short texts.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from grader.protocol.values import KerasValue
from grader.training import refusals
from grader.training.catalog import Category
from grader.training.copying import MAX_TEXT, Copy
from grader.training.facts import MAX_IDENTITIES, cleaned_facts

MAX_PARAMETERS: Final = 5_000_000
"""Sixteen times what the largest model of the built-in course may have."""
MAX_OBJECTS: Final = 20
"""Keras objects in one answer: each is rebuilt, which takes far longer than to write it down."""
_WEIGHTED: Final = frozenset({"layer", "model"})


def vet(value: KerasValue, *, max_parameters: int = MAX_PARAMETERS) -> None:
    """Refuse a Keras value that may not be rebuilt. Raises ModelError, which says what to use instead."""
    cleaned(value, max_parameters=max_parameters)


def cleaned(value: KerasValue, *, max_parameters: int = MAX_PARAMETERS) -> KerasValue:
    """A copy of `value` that holds only what was vetted, with plain Python numbers. Raises ModelError as `vet`.

    Its facts are the identities that the subject told and, for a model, `compiled` and `compile_config`, as they stand
    in the vetted configuration. Whoever needs more facts asks the rebuilt object.
    """
    try:
        return copied(value, max_parameters)
    except _OF_THE_DATA as error:
        refusals.malformed(f"{type(error).__name__} while it was read")


def cleaned_answer(value: Any) -> Any:
    """An answer of a subject with every Keras value in it cleaned.

    Raises ModelError, also for too many of them, or of their weights together.
    """
    found: list[KerasValue] = []
    settled = _cleaned_parts(value, found)
    total = sum(array.size for each in found for array in each.weights)
    if total > MAX_PARAMETERS:
        refusals.too_many_together(total, MAX_PARAMETERS)
    return settled


def _cleaned_parts(value: Any, found: list[KerasValue]) -> Any:
    if isinstance(value, KerasValue):
        found.append(value)
        if len(found) > MAX_OBJECTS:
            refusals.too_many_objects(MAX_OBJECTS)
        return cleaned(value)
    if type(value) is list or type(value) is tuple:
        return type(value)(_cleaned_parts(item, found) for item in value)
    if type(value) is dict:
        return {key: _cleaned_parts(item, found) for key, item in value.items()}
    return value


def copied(value: KerasValue, max_parameters: int) -> KerasValue:
    """`cleaned` without its door: the fuzzer looks here, so that nothing comes to rely on the door."""
    if value.weights and value.kind not in _WEIGHTED:
        refusals.malformed(f"weights of a {value.kind}")
    _check_weights(value.weights, max_parameters)
    facts = cleaned_facts(value.facts, len(value.weights))
    if value.kind == "history":
        return KerasValue(value.kind, _history(value.config), (), facts)
    config = Copy(max_parameters).root(value.config, Category(value.kind))
    if value.kind == "model":
        compile_config = config.get("compile_config")
        facts |= {"compiled": compile_config is not None, "compile_config": compile_config}
    return KerasValue(value.kind, config, value.weights, facts)


_OF_THE_DATA: Final = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What reading a value can raise that is not of the type it was taken for. The copy looks at types before it looks at
values, so none of these is expected; should one be forgotten, a forged value must not end as the grader's own fault.
Other exceptions are bugs (NameError, AssertionError) or the machine's (MemoryError, OSError), and stay that."""


def cleaned_compile_config(config: dict[str, Any]) -> dict[str, Any]:
    """A copy of compile settings (optimizer, loss, ...) that holds only what was vetted. Raises ModelError."""
    try:
        return Copy(MAX_PARAMETERS).compile_config(config)
    except _OF_THE_DATA as error:
        refusals.malformed(f"{type(error).__name__} while it was read")


def _check_weights(weights: tuple[np.ndarray, ...], max_parameters: int) -> None:
    if len(weights) > MAX_IDENTITIES:
        refusals.malformed(f"{len(weights)} weights")
    if any(array.dtype.kind not in "fiub" for array in weights):
        refusals.malformed("weights that are no numbers")
    total = sum(array.size for array in weights)
    if total > max_parameters:
        refusals.too_many_parameters(total, max_parameters)


def _history(config: dict[str, Any]) -> dict[str, Any]:
    series = config.get("config")
    if not isinstance(series, dict):
        refusals.malformed("no history")
    for name, numbers in series.items():
        named = isinstance(name, str) and len(name) <= MAX_TEXT
        if not (named and isinstance(numbers, (list, tuple)) and all(type(number) is float for number in numbers)):
            refusals.malformed("no history")
    return {"class_name": "History", "config": {name: list(numbers) for name, numbers in series.items()}}
