"""Equality of plain values of the same kind. `==` is never asked of a type that is not known here."""

from __future__ import annotations

import math
import sys
from typing import Any, Final

import numpy as np

from grader.protocol.values import KerasValue, Opaque

FLOAT_TOLERANCE: Final = 1e-6
"""Relative: Keras keeps a learning rate as float32, whose rounding is 6e-8."""
_EXACT: Final = frozenset({bool, int, str, bytes})
"""Kinds whose values are the same where `==` says so."""


def same_value(one: Any, other: Any, *, tolerance: float = FLOAT_TOLERANCE) -> bool:  # noqa: PLR0911 - a line a kind
    """Whether both are of the same kind and equal.

    A bool is no integer and an integer no float; NumPy's scalars are of the kind of their number; a list equals a tuple
    of the same items; floats are equal within the relative `tolerance`, and NaN equals NaN; arrays need the same shape
    and kind of dtype. Objects of other classes, functions and classes are equal only to themselves. Never raises.
    """
    one, other = plain(one), plain(other)
    try:
        if one is other:
            return True
        if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
            return _same_array(one, other, tolerance)
        if isinstance(one, list | tuple) and isinstance(other, list | tuple):
            return _same_items(one, other, tolerance)
        if type(one) is not type(other):
            return False
        if isinstance(one, float):
            return same_float(one, other, tolerance)
        if isinstance(one, complex):
            return same_float(one.real, other.real, tolerance) and same_float(one.imag, other.imag, tolerance)
        if isinstance(one, dict):
            return one.keys() == other.keys() and all(same_value(one[k], other[k], tolerance=tolerance) for k in one)
        if isinstance(one, KerasValue):
            return one.kind == other.kind and same_value((one.config, one.weights), (other.config, other.weights))
        return isinstance(one, bool | int | str | bytes | Opaque) and bool(one == other)
    except Exception:  # noqa: BLE001 - what cannot be compared is not equal
        return False


def _same_items(one: list[Any] | tuple[Any, ...], other: list[Any] | tuple[Any, ...], tolerance: float) -> bool:
    if len(one) != len(other):
        return False
    kinds = {*map(type, one), *map(type, other)}
    if len(kinds) == 1 and kinds <= _EXACT:  # there may be thousands
        return list(one) == list(other)
    return all(same_value(a, b, tolerance=tolerance) for a, b in zip(one, other, strict=True))


def same_float(one: float, other: float, tolerance: float) -> bool:
    """Whether two floats are equal within the relative `tolerance`; NaN equals NaN."""
    return one == other or (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, rel_tol=tolerance)


def plain(value: Any) -> Any:  # noqa: PLR0911 - one line for each kind of number
    """`value` as Python's own number where it is a NumPy scalar or a Keras variable of one number, else itself."""
    try:
        if isinstance(value, np.longdouble):
            return float(value)
        if isinstance(value, np.clongdouble):
            return complex(value)
        if isinstance(value, np.generic):
            return value.item()
        variable = getattr(sys.modules.get("keras"), "Variable", None)
        if variable is not None and isinstance(value, variable):
            array = np.asarray(value)
            return array if array.ndim else array.item()
        if type(value) in {bool, int, float, str, list, tuple, dict}:
            return value
        for base in (int, float, str):
            if isinstance(value, base):
                return base(value)
    except Exception:  # noqa: BLE001 - a value that cannot be made plain stays what it is
        return value
    return value


def _same_array(one: Any, other: Any, tolerance: float) -> bool:
    if not (isinstance(one, np.ndarray) and isinstance(other, np.ndarray)):
        return False
    if one.shape != other.shape or one.dtype.kind.replace("u", "i") != other.dtype.kind.replace("u", "i"):
        return False
    if one.dtype.kind in "fc":
        return bool(np.allclose(one, other, rtol=tolerance, atol=0, equal_nan=True))
    return bool(np.array_equal(one, other))
