"""How a check says that a requirement is not met, or met in part."""

from __future__ import annotations

import math
from typing import NoReturn

from grader.language import Text
from grader.records import LayerTable

Message = Text | str
"""A sentence for the student: translatable, or in one language only."""


class CheckFailed(Exception):  # noqa: N818 - what a check finds is not an error of the program
    """The requirement of a check is not met. `fraction` of its points are given all the same, from 0 to below 1.

    `tables` are the layers that were expected and those that were observed.
    """

    def __init__(
        self,
        message: Message,
        *,
        expected: Message | None = None,
        observed: Message | None = None,
        hint: Message | None = None,
        fraction: float = 0.0,
        tables: tuple[LayerTable, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.observed = observed
        self.hint = hint
        self.fraction = fraction
        self.tables = tables

    def __str__(self) -> str:
        return str(self.message)


def fail(
    message: Message,
    *,
    expected: Message | None = None,
    observed: Message | None = None,
    hint: Message | None = None,
) -> NoReturn:
    """End the check as failed. Raises CheckFailed."""
    raise CheckFailed(message, expected=expected, observed=observed, hint=hint)


def require(
    condition: object,
    message: Message,
    *,
    expected: Message | None = None,
    observed: Message | None = None,
    hint: Message | None = None,
) -> None:
    """Raise CheckFailed with `message` unless `condition` is true.

    A condition that has no truth value, such as the comparison of an array with a number, is not met.
    """
    try:
        met = bool(condition)
    except Exception:  # noqa: BLE001 - whatever came out of a comparison with what was observed
        met = False
    if not met:
        raise CheckFailed(message, expected=expected, observed=observed, hint=hint)


def award(
    fraction: float,
    message: Message,
    *,
    expected: Message | None = None,
    observed: Message | None = None,
    hint: Message | None = None,
) -> None:
    """Give `fraction` of the check's points and end it; 1 ends nothing and lets the check pass.

    Raises CheckFailed, or ValueError for a fraction that is not from 0 to 1.
    """
    if not (math.isfinite(fraction) and 0 <= fraction <= 1):
        raise ValueError(f"a fraction of the points is from 0 to 1, not {fraction}")
    if fraction < 1:
        raise CheckFailed(message, expected=expected, observed=observed, hint=hint, fraction=float(fraction))
