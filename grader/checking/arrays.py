"""Expecting an array: its type, shape, dtype and values, in this order, with each difference in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from grader.checking.array_findings import REAL, Finding, all_close, find_in_shapes, find_in_values
from grader.checking.comparing import same_value
from grader.checking.display import describe_kind, show, show_shape
from grader.checking.expectations import nothing_returned, shape_difference
from grader.checking.failures import CheckFailed, Message
from grader.checking.specs import Mistake
from grader.language import _

_KINDS: Final = {
    "b": _("truth values (bool)"),
    "c": _("complex numbers"),
    "U": _("strings"),
    "S": _("byte strings"),
}
"""What an array holds, by `numpy.dtype.kind`; all others are numbers."""


def expect_array(
    observed: Any,
    expected: Any,
    *,
    tolerance: float = 1e-6,
    dtype: Any = None,
    hint: Message | None = None,
    mistakes: Sequence[Mistake] = (),
) -> None:
    """Expect a NumPy array of the same shape and values; where `expected` is a number, a plain number will do.

    Values are equal within `tolerance`, both absolute and relative (1e-6 is ten times what float32 rounds away); NaN
    equals NaN. `dtype` is "float" for any floating-point dtype, "same" for that of `expected`, or a NumPy dtype; None
    takes any. Raises CheckFailed, which names the mistake where it is a known one.
    """
    wanted = np.asarray(expected)
    found = _as_array(observed, wanted)
    finding = _difference(observed, found, wanted, tolerance, dtype)
    if finding is None:
        return
    for mistake in mistakes:
        if _is_mistake(observed, found, mistake, tolerance):
            raise CheckFailed(
                mistake.message, expected=show(wanted), observed=show(observed), hint=mistake.hint or hint
            )
    raise CheckFailed(
        finding.message,
        expected=show(wanted) if finding.expected is None else finding.expected,
        observed=show(observed) if finding.observed is None else finding.observed,
        hint=hint or finding.hint,
    )


def _as_array(observed: Any, wanted: np.ndarray) -> np.ndarray | None:
    """`observed` as an array, if it may stand for one: an array, or a number where one number is expected."""
    if isinstance(observed, np.ndarray | np.generic):
        return np.asarray(observed)
    if wanted.ndim == 0 and isinstance(observed, bool | int | float | complex):
        array = np.asarray(observed)
        # An integer that no dtype can hold becomes an object.
        return None if array.dtype.kind == "O" else array
    return None


def _difference(
    observed: Any, found: np.ndarray | None, wanted: np.ndarray, tolerance: float, dtype: Any
) -> Finding | None:
    if found is None:
        return _wrong_type(observed, wanted)
    if found.shape != wanted.shape:
        return find_in_shapes(found, wanted, tolerance) or Finding(
            shape_difference(found.shape, wanted.shape),
            expected=show_shape(wanted.shape),
            observed=show_shape(found.shape),
        )
    if not _same_kind(found, wanted):
        if wanted.ndim == 0:
            return _wrong_type(observed, wanted)
        return Finding(
            _(
                "The array holds {observed} where {expected} are expected.",
                observed=_KINDS.get(found.dtype.kind, _("numbers")),
                expected=_KINDS.get(wanted.dtype.kind, _("numbers")),
            ),
            expected=str(wanted.dtype),
            observed=str(found.dtype),
        )
    right = all_close(found, wanted, tolerance)
    finding = _wrong_dtype(found, wanted, dtype)
    # Integers where floats belong are mostly a lost fraction, which says more than the dtype.
    if finding is not None and (right or found.dtype.kind not in "iu"):
        return finding
    return None if right else find_in_values(found, wanted, tolerance)


def _wrong_type(observed: Any, wanted: np.ndarray) -> Finding:
    expected = _("array of shape {shape}", shape=show_shape(wanted.shape)) if wanted.ndim else None
    if observed is None:
        return Finding(nothing_returned(), _("End the function with `return` and the array."), expected)
    if isinstance(observed, list | tuple):
        return Finding(
            _("The function returned {kind} where a NumPy array is expected.", kind=describe_kind(observed)),
            _("`np.array(...)` makes an array of it; most of NumPy's functions give one from the start."),
            expected,
        )
    if wanted.ndim == 0:
        return Finding(_("This is {kind} where a number is expected.", kind=describe_kind(observed)))
    return Finding(_("This is {kind} where a NumPy array is expected.", kind=describe_kind(observed)), None, expected)


def _same_kind(found: np.ndarray, wanted: np.ndarray) -> bool:
    one, other = found.dtype.kind, wanted.dtype.kind
    return one == other or (one in REAL and other in REAL) or (one in REAL and other == "c")


def _wrong_dtype(found: np.ndarray, wanted: np.ndarray, dtype: Any) -> Finding | None:
    if dtype is None or (dtype == "float" and found.dtype.kind == "f"):
        return None
    if dtype == "float":
        return Finding(
            _("The array has the dtype {dtype} where floating-point numbers are expected.", dtype=str(found.dtype)),
            _("`/` gives floating-point numbers; `//` and `astype(int)` give integers."),
            _("a floating-point dtype"),
            str(found.dtype),
        )
    asked = wanted.dtype if dtype == "same" else np.dtype(dtype)
    if found.dtype == asked:
        return None
    return Finding(
        _("The array has the dtype {dtype} instead of {expected}.", dtype=str(found.dtype), expected=str(asked)),
        None,
        str(asked),
        str(found.dtype),
    )


def _is_mistake(observed: Any, found: np.ndarray | None, mistake: Mistake, tolerance: float) -> bool:
    try:
        if callable(mistake.value):
            return bool(mistake.value(observed))
        if found is not None and isinstance(mistake.value, np.ndarray | np.generic | int | float):
            return all_close(found, np.asarray(mistake.value), tolerance)
    except Exception:  # noqa: BLE001 - a question that cannot be asked of what was observed
        return False
    return same_value(observed, mistake.value)
