"""Expectations of plain values: numbers, strings, lists, shapes, and arguments that must stay as they were.

None of them raises anything but CheckFailed, whatever was observed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.checking.calls import Call
from grader.checking.comparing import FLOAT_TOLERANCE, plain, same_value
from grader.checking.display import describe_kind, show, show_shape
from grader.checking.failures import CheckFailed, Message
from grader.checking.specs import Mistake
from grader.language import Text, _
from grader.protocol.keras_values import describe
from grader.protocol.values import KerasValue


def expect(
    observed: Any,
    expected: Any,
    message: Message | None = None,
    *,
    tolerance: float = FLOAT_TOLERANCE,
    hint: Message | None = None,
    mistakes: Sequence[Mistake] = (),
    secret: bool = False,
) -> None:
    """Expect equality of values of the same kind: a bool is no integer, an integer no float, a list may be a tuple.

    Floats are equal within the relative `tolerance`, which forgives what float32 makes of 0.1. With `secret`, feedback
    does not tell what was expected. Raises CheckFailed.
    """
    if same_value(observed, expected, tolerance=tolerance):
        return
    shown = None if secret else show(expected)
    reject_mistakes(observed, mistakes, expected=shown, hint=hint)
    if message is None:
        message = _secret_difference(plain(observed)) if secret else _difference(plain(observed), plain(expected))
    raise CheckFailed(
        message,
        expected=shown,
        observed=show(plain(observed)),
        hint=hint,
    )


def expect_count(
    observed: Any,
    expected: int,
    *,
    hint: Message | None = None,
    mistakes: Sequence[Mistake] = (),
    secret: bool = False,
) -> None:
    """Expect the integer `expected`, as an `int` or a NumPy integer; a float or a bool is named.

    With `secret`, feedback does not tell what was expected. Raises CheckFailed.
    """
    found = plain(observed)
    if same_value(found, expected):
        return
    shown = None if secret else show(expected)
    reject_mistakes(observed, mistakes, expected=shown, hint=hint)
    message, own_hint = _count_difference(found, expected)
    if secret and isinstance(found, int) and not isinstance(found, bool):
        message = _secret_difference(found)
    raise CheckFailed(message, expected=shown, observed=show(found), hint=hint or own_hint)


def expect_shape(
    observed_shape: Any,
    expected_shape: Sequence[int | None],
    *,
    hint: Message | None = None,
    mistakes: Sequence[Mistake] = (),
) -> None:
    """Expect a shape, as a tuple or list; None is the batch dimension. Raises CheckFailed, which says what differs."""
    expected = tuple(expected_shape)
    observed = plain(observed_shape)
    if isinstance(observed, list | tuple) and same_value(observed, expected):
        return
    reject_mistakes(observed_shape, mistakes, expected=show_shape(expected), hint=hint)
    raise CheckFailed(
        shape_difference(observed, expected), expected=show_shape(expected), observed=show(observed), hint=hint
    )


def expect_unchanged(call: Call, index: int, original: Any, *, hint: Message | None = None) -> None:
    """Expect that the argument at `index` (from 0) was left as `original`. Raises CheckFailed."""
    after = call.arguments[index]
    if isinstance(after, KerasValue):
        original = describe(original)
    same_dtype = getattr(after, "dtype", None) == getattr(original, "dtype", None)
    if same_dtype and same_value(after, original, tolerance=0):
        return
    raise CheckFailed(
        _("Argument {number} was changed; the function must leave it as it was.", number=index + 1),
        expected=_("the argument as it was before the call"),
        observed=_("the argument changed by the call"),
        hint=hint or _("Compute a new value and return that, or work on a copy (`.copy()`)."),
    )


def reject_mistakes(
    observed: Any, mistakes: Sequence[Mistake], *, expected: Message | None, hint: Message | None
) -> None:
    """Raise CheckFailed for the first of `mistakes` that was made."""
    for mistake in mistakes:
        if _is_mistake(observed, mistake):
            raise CheckFailed(
                mistake.message, expected=expected, observed=show(plain(observed)), hint=mistake.hint or hint
            )


def shape_difference(observed: Any, expected: tuple[int | None, ...]) -> Text:  # noqa: PLR0911 - a line a mistake
    """The sentence that says how two shapes differ; None in `expected` is the batch dimension."""
    if not isinstance(observed, list | tuple):
        return _(
            "This is {kind}, where a shape such as {expected} is expected.",
            kind=describe_kind(observed),
            expected=show_shape(expected),
        )
    found = tuple(plain(length) for length in observed)
    if expected and expected[0] is None:
        if same_value(found, expected[1:]):
            return _("The batch dimension is left out: a shape begins with None, for any number of samples.")
        if len(found) == len(expected) and found[0] is not None and same_value(found[1:], expected[1:]):
            return _(
                "The batch dimension is given as {number}; it is None, because the model takes any number of samples.",
                number=show(found[0]),
            )
    if len(found) != len(expected):
        padded = _padding(found, expected)
        if padded is not None:
            return padded
        return _(
            "The number of dimensions is {observed} instead of {expected}.", observed=len(found), expected=len(expected)
        )
    if expected[:1] != (None,) and same_value(found, expected[::-1]):
        return _("The shape is the right one backwards, as if the array were transposed.")
    if sorted(map(repr, found)) == sorted(map(repr, expected)):
        return _("The shape has the right lengths in another order.")
    axis = next(i for i, (a, b) in enumerate(zip(found, expected, strict=True)) if not same_value(a, b))
    return _(
        "Axis {axis} (counted from 0) has length {observed} instead of {expected}.",
        axis=axis,
        observed=show(found[axis]),
        expected=show(expected[axis]),
    )


def _padding(found: tuple[Any, ...], expected: tuple[int | None, ...]) -> Text | None:
    """The sentence for a shape that is the right one with one dimension more, or without its first."""
    if expected and expected[0] is not None and same_value(found, expected[1:]):
        return _("The first dimension, for the samples, is missing.")
    if same_value(found, (1, *expected)):
        return _("There is one dimension too many, of length 1, at the front.")
    if same_value(found, (*expected, 1)):
        return _("There is one dimension too many, of length 1, at the end.")
    if expected and expected[0] is None and same_value(found[1:], expected):
        return _("The batch dimension stands there twice: a shape has one, at the front.")
    return None


def _is_mistake(observed: Any, mistake: Mistake) -> bool:
    if callable(mistake.value):
        try:
            return bool(mistake.value(observed))
        except Exception:  # noqa: BLE001 - a question that cannot be asked of what was observed
            return False
    return same_value(observed, mistake.value)


def _difference(observed: Any, expected: Any) -> Text:
    if observed is None:
        return nothing_returned()
    if isinstance(observed, list | tuple) and isinstance(expected, list | tuple):
        if len(observed) != len(expected):
            return _(
                "There are {observed} items instead of {expected}.", observed=len(observed), expected=len(expected)
            )
        position = next((i for i, (a, b) in enumerate(zip(observed, expected, strict=True)) if not same_value(a, b)), 0)
        return _(
            "Item {index} (counted from 0) is {observed} instead of {expected}.",
            index=position,
            observed=show(observed[position]),
            expected=show(expected[position]),
        )
    if type(observed) is not type(expected) and not isinstance(expected, type) and not callable(expected):
        return _(
            "This is {observed}, where {expected} is expected.",
            observed=describe_kind(observed),
            expected=describe_kind(expected),
        )
    return _("The value is {observed} instead of {expected}.", observed=show(observed), expected=show(expected))


def _secret_difference(observed: Any) -> Text:
    if observed is None:
        return nothing_returned()
    return _("{observed} is not right for what the function was given.", observed=show(observed))


def nothing_returned() -> Text:
    """The sentence for a function that gave None."""
    return _("The function returned nothing (None).")


def _count_difference(found: Any, expected: int) -> tuple[Text, Text | None]:  # noqa: PLR0911 - a line for each kind
    if found is None:
        return nothing_returned(), _("End the function with `return` and the number.")
    if isinstance(found, bool):
        return (
            _("The function returned a truth value (bool), where a count is expected."),
            _("`==`, `<` and `and` give truth values; return what you have computed."),
        )
    if isinstance(found, float):
        right = same_value(found, float(expected))
        message = (
            _("The number is right, but it is a float; a count is an integer.")
            if right
            else _("The function returned a float, where a count (an integer) is expected.")
        )
        return message, _("`/` always gives a float; `//` divides integers, and `math.ceil` rounds up to one.")
    if isinstance(found, str):
        return (
            _("The function returned a string, where a count (an integer) is expected."),
            _("Return the number itself, without quotation marks, `f` and `str`."),
        )
    if isinstance(found, int):
        return _("The count is {observed} instead of {expected}.", observed=show(found), expected=show(expected)), None
    if isinstance(found, np.ndarray) and found.size == 1:
        return (
            _("The function returned an array of one number, where the number itself is expected."),
            _("`int(...)` makes a number of it."),
        )
    return _("The function returned {kind}, where a count (an integer) is expected.", kind=describe_kind(found)), None
