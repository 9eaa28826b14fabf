"""What a Keras value from a subject must be before Keras sees it. Nothing in this module imports Keras.

Keras builds whatever a configuration names, and its safe mode has had holes more than once (CVE-2024-3660, -2025-1550,
-8747, -9905, -9906, -12058, -49655). So it is given a copy that holds nothing but classes and functions of `catalog`,
numbers within bounds and short texts.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from grader.protocol import KerasValue
from grader.training import refusals
from grader.training.catalog import Category
from grader.training.copying import MAX_TEXT, Copy

MAX_PARAMETERS: Final = 5_000_000
"""Sixteen times what the largest model of the built-in course may have."""


def vet(value: KerasValue, *, max_parameters: int = MAX_PARAMETERS) -> None:
    """Refuse a Keras value that may not be rebuilt. Raises ModelError, which says what to use instead."""
    cleaned(value, max_parameters=max_parameters)


def cleaned(value: KerasValue, *, max_parameters: int = MAX_PARAMETERS) -> KerasValue:
    """A copy of `value` that holds only what was vetted, with plain Python numbers. Raises ModelError as `vet`."""
    _check_weights(value.weights, max_parameters)
    if value.kind == "history":
        return KerasValue(value.kind, _history(value.config), (), value.facts)
    if own := value.facts.get("own_functions"):
        refusals.own_functions(own)
    config = Copy(max_parameters).root(value.config, Category(value.kind))
    return KerasValue(value.kind, config, value.weights, value.facts)


def cleaned_compile_config(config: dict[str, Any]) -> dict[str, Any]:
    """A copy of compile settings (optimizer, loss, ...) that holds only what was vetted. Raises ModelError."""
    return Copy(MAX_PARAMETERS).compile_config(config)


def _check_weights(weights: tuple[np.ndarray, ...], max_parameters: int) -> None:
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
