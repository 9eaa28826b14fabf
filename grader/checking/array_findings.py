"""What went wrong with an array, told from the array that was expected. Pure functions of two arrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from grader.checking.display import show_number, show_shape
from grader.checking.failures import Message
from grader.language import Text, _

REAL: Final = "iuf"
"""`numpy.dtype.kind` of numbers that may stand for one another."""
_CONSTANT: Final = 1e-4
"""Relative: ratios that differ by less are one factor. float32 rounds to 1e-7; 255/256 differs from 1 by 4e-3."""
_DIGITS: Final = (1, 2, 3, 4)
"""Digits behind the point that somebody may round to; more are within usual tolerances."""
_ROUNDING: Final = 1e-6
_SORTED_SIZE: Final = 2_000_000
"""Larger arrays are not sorted in search of a permutation: that takes seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """One difference, in words; without `expected` and `observed` the arrays themselves are shown."""

    message: Text
    hint: Text | None = None
    expected: Message | None = None
    observed: Message | None = None


def close(found: np.ndarray, wanted: np.ndarray, tolerance: float) -> np.ndarray:
    """Element by element, whether two arrays of one shape are equal within `tolerance`, absolute and relative."""
    kinds = {found.dtype.kind, wanted.dtype.kind}
    if kinds <= set("biu") or kinds & set("SU"):  # text is equal to no number, and close to nothing
        return np.asarray(found == wanted)
    with np.errstate(all="ignore"):
        return np.asarray(np.isclose(found, wanted, rtol=tolerance, atol=tolerance, equal_nan=True))


def all_close(found: np.ndarray, wanted: np.ndarray, tolerance: float) -> bool:
    """Whether two arrays have the same shape and equal values."""
    return found.shape == wanted.shape and bool(close(found, wanted, tolerance).all())


def find_in_shapes(found: np.ndarray, wanted: np.ndarray, tolerance: float) -> Finding | None:
    """The known mistake behind a wrong shape, or None."""
    shapes = found.shape, wanted.shape
    message, hint = None, None
    if wanted.ndim > 1 and found.shape == wanted.shape[::-1]:
        message = (
            _("The array is transposed: rows and columns are exchanged.")
            if all_close(found.T, wanted, tolerance)
            else _("The shape is the right one backwards, as if the array were transposed.")
        )
    elif found.shape == wanted.shape[1:]:
        message = _("The first dimension, for the samples, is missing.")
        hint = _("Keep it even for a single sample; `squeeze` takes it away.")
    elif found.shape == (1, *wanted.shape):
        message = _("There is one dimension too many, of length 1, at the front.")
    elif found.shape == (*wanted.shape, 1):
        message = _("There is one dimension too many, of length 1, at the end.")
    elif found.size == wanted.size and found.ndim == 1 < wanted.ndim:
        message = _("All values stand in one long row.")
        hint = _("Each sample keeps a row of its own: `reshape(len(array), -1)`.")
    elif found.size == wanted.size and found.ndim == wanted.ndim and sorted(shapes[0]) == sorted(shapes[1]):
        message = _("The dimensions have the right lengths in another order.")
    if message is None:
        return None
    return Finding(message, hint, show_shape(wanted.shape), show_shape(found.shape))


def find_in_values(found: np.ndarray, wanted: np.ndarray, tolerance: float) -> Finding:
    """How the values of two arrays of the same shape differ: the mistake, or else the first difference."""
    with np.errstate(all="ignore"):
        real = found.dtype.kind in REAL and wanted.dtype.kind in REAL
        for finder in _FINDERS if real else (_order,):
            try:
                finding = finder(found, wanted, tolerance)
            except Exception:  # noqa: BLE001, S112 - a question that these values do not have an answer to
                continue
            if finding is not None:
                return finding
    return _first_difference(found, wanted, tolerance)


def _unexpected_nan(found: np.ndarray, wanted: np.ndarray, _tolerance: float) -> Finding | None:
    nan = np.isnan(found) & ~np.isnan(wanted)
    if not nan.any():
        return None
    return Finding(
        _("There is NaN where a number belongs ({count} of {total}).", count=int(nan.sum()), total=nan.size),
        _("0/0 and infinity times 0 give NaN."),
        *_at(found, wanted, nan),
    )


def _lost_nan(found: np.ndarray, wanted: np.ndarray, _tolerance: float) -> Finding | None:
    lost = np.isnan(wanted) & ~np.isnan(found)
    if not lost.any():
        return None
    return Finding(_("NaN must stay NaN, and became a number here."), None, *_at(found, wanted, lost))


def _unexpected_infinity(found: np.ndarray, wanted: np.ndarray, _tolerance: float) -> Finding | None:
    infinite = np.isinf(found) & np.isfinite(wanted)
    if not infinite.any():
        return None
    return Finding(
        _(
            "There is infinity where a number belongs ({count} of {total}).",
            count=int(infinite.sum()),
            total=infinite.size,
        ),
        _("Division by zero and `exp` of large numbers give infinity."),
        *_at(found, wanted, infinite),
    )


def _factor(found: np.ndarray, wanted: np.ndarray, _tolerance: float) -> Finding | None:
    numbers = np.isfinite(wanted) & (wanted != 0)
    if len(np.unique(wanted[numbers])) < 2 or not np.array_equal(found[~numbers], wanted[~numbers], equal_nan=True):
        return None
    ratios = found[numbers].astype(float) / wanted[numbers].astype(float)
    factor = float(np.median(ratios))
    if factor == 0 or not np.allclose(ratios, factor, rtol=_CONSTANT, atol=0):
        return None
    return Finding(_factor_message(factor))


def _factor_message(factor: float) -> Text:
    known = {
        255 / 256: _("Every number is 255/256 of what is expected, as after a division by 256 instead of 255."),
        255.0: _("Every number is 255 times what is expected: it was not divided by 255."),
        1 / 255: _("Every number is 1/255 of what is expected, as after scaling twice."),
        -1.0: _("Every number has the opposite sign."),
    }
    for value, message in known.items():
        if math.isclose(factor, value, rel_tol=_CONSTANT):
            return message
    return _("Every number is {factor} times what is expected.", factor=show_number(factor))


def _offset(found: np.ndarray, wanted: np.ndarray, tolerance: float) -> Finding | None:
    numbers = np.isfinite(wanted)
    if numbers.sum() < 2 or not np.array_equal(found[~numbers], wanted[~numbers], equal_nan=True):
        return None
    differences = found[numbers].astype(float) - wanted[numbers].astype(float)
    offset = float(np.median(differences))
    if abs(offset) <= tolerance or not np.allclose(differences, offset, rtol=_CONSTANT, atol=tolerance):
        return None
    return Finding(_("Every number is off by the same amount, {offset}.", offset=show_number(offset)))


def _whole_numbers(found: np.ndarray, wanted: np.ndarray, tolerance: float) -> Finding | None:
    if wanted.dtype.kind != "f" or np.array_equal(wanted, np.floor(wanted)):
        return None
    for rounded in (np.floor, np.trunc, np.rint, np.ceil):
        if all_close(found, rounded(wanted), tolerance):
            return Finding(
                _("The numbers lost their fractions."),
                _("`//` and a conversion to integers cut fractions off; `/` and a float dtype keep them."),
            )
    return None


def _rounded(found: np.ndarray, wanted: np.ndarray, _tolerance: float) -> Finding | None:
    for digits in _DIGITS:
        rounded = np.round(wanted.astype(float), digits)
        # Of the numbers in use, some must have had more digits, or a right answer would be a rounded one.
        if all_close(found, rounded, _ROUNDING) and not all_close(wanted, rounded, _ROUNDING):
            message = _("The numbers are rounded to {digits} digits behind the point.", digits=digits)
            return Finding(message, _("Leave out `round`: the numbers are computed with, and not only shown."))
    return None


def _order(found: np.ndarray, wanted: np.ndarray, tolerance: float) -> Finding | None:
    message = next(_orders(found, wanted, tolerance), None)
    return None if message is None else Finding(message, None, *_at(found, wanted, ~close(found, wanted, tolerance)))


def _orders(found: np.ndarray, wanted: np.ndarray, tolerance: float) -> Iterator[Text]:  # noqa: C901 - a line an order
    if wanted.ndim == 0 or wanted.size > _SORTED_SIZE:
        return
    if wanted.ndim == 2 and wanted.shape[0] == wanted.shape[1] and all_close(found.T, wanted, tolerance):
        yield _("The array is transposed: rows and columns are exchanged.")
    if all_close(found[::-1], wanted, tolerance):
        yield _("The order is reversed.")
    side = math.isqrt(wanted.shape[-1])
    if wanted.ndim == 2 and side > 1 and side * side == wanted.shape[-1]:
        by_column = wanted.reshape(-1, side, side).transpose(0, 2, 1).reshape(wanted.shape)
        if all_close(found, by_column, tolerance):
            yield _("Each row was taken column by column (Fortran order) instead of row by row.")
    if all_close(found, wanted.ravel().reshape(wanted.shape, order="F"), tolerance):
        yield _("The values are laid out column by column (Fortran order) instead of row by row.")
    if wanted.ndim > 1:
        if all_close(_sorted_rows(found), _sorted_rows(wanted), tolerance):
            yield _("These are the right rows in another order.")
        if all_close(np.sort(found, axis=-1), np.sort(wanted, axis=-1), tolerance):
            yield _("Each row has the right numbers in another order.")
    if all_close(np.sort(found, axis=None), np.sort(wanted, axis=None), tolerance):
        yield _("These are the right numbers in another order.")


def _sorted_rows(array: np.ndarray) -> np.ndarray:
    rows = array.reshape(len(array), -1)
    return np.asarray(rows[np.lexsort(rows.T[::-1])])


_FINDERS: Final[tuple[Callable[[np.ndarray, np.ndarray, float], Finding | None], ...]] = (
    _unexpected_nan,
    _lost_nan,
    _unexpected_infinity,
    _factor,
    _offset,
    _whole_numbers,
    _rounded,
    _order,
)


def _first_difference(found: np.ndarray, wanted: np.ndarray, tolerance: float) -> Finding:
    different = ~close(found, wanted, tolerance)
    if wanted.ndim == 0:
        return Finding(_("The number is not the expected one."))
    expected, observed = _at(found, wanted, different)
    return Finding(
        _(
            "{count} of {total} values differ by more than {tolerance}.",
            count=int(different.sum()),
            total=different.size,
            tolerance=show_number(tolerance),
        ),
        None,
        expected,
        observed,
    )


def _at(found: np.ndarray, wanted: np.ndarray, where: np.ndarray) -> tuple[Message | None, Message | None]:
    """What is expected and what is observed at the first place of `where`."""
    if wanted.ndim == 0:
        return None, None
    index = tuple(int(position) for position in np.unravel_index(int(np.argmax(where)), where.shape))
    place = str(list(index))
    return (
        _("{value} at index {index}", value=show_number(wanted[index]), index=place),
        _("{value} at index {index}", value=show_number(found[index]), index=place),
    )
