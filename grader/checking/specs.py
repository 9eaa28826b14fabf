"""What a check is: the decorator, the record that it leaves on the function, and mistakes as data."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np

from grader.checking.failures import Message
from grader.errors import CourseError
from grader.language import Text, _
from grader.records import Record, Visibility

SPEC_ATTRIBUTE: Final = "__check__"
PREFIX: Final = "test_"

HINT_STEPS: Final = 5
"""More steps than this are no longer read."""

Function = TypeVar("Function", bound=Callable[..., Any])


class CheckSpec(Record, frozen=True, kw_only=True):
    """One check as its author wrote it. `points` is what it can give; `needs` are names of test functions.

    `given` draws the arguments for the call whose value is the fixture `answer`.
    """

    id: str
    function: str
    points: float
    title: Message
    hint: Message | None
    hints: tuple[Message, ...] = ()
    """steps of help, the weakest first"""
    needs: tuple[str, ...]
    visibility: Visibility
    given: Callable[[np.random.Generator], tuple[Any, ...]] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Mistake:
    """A wrong answer that is worth a sentence of its own.

    `value` is the wrong answer, or a function that tells whether what was observed is the mistake.
    """

    value: Any
    message: Message
    hint: Message | None = None


def check(
    function: str,
    *,
    points: float = 1.0,
    title: Message | None = None,
    hint: Message | None = None,
    hints: Sequence[Message] = (),
    needs: Sequence[Callable[..., Any] | str] = (),
    visibility: Visibility | str = Visibility.HIDDEN,
    given: Callable[[np.random.Generator], tuple[Any, ...]] | None = None,
) -> Callable[[Function], Function]:
    """Make a pytest function a check of the submission's `function`.

    Without `title`, the first line of the docstring is the title. `hint` is shown when a failure has none of its own.
    `hints` are steps of help that a student opens one by one, the weakest first and the last nearly the answer; the
    first stands in for a missing `hint`. A check whose `needs` did not all pass is skipped. `given` draws arguments
    for `function`: all checks with the same one share the arguments, as the fixture `given`, and the value that came of
    them, as the fixture `answer`. Raises CourseError for a check that cannot be used.
    """

    def mark(test: Function) -> Function:
        name = getattr(test, "__name__", "?")
        if not name.startswith(PREFIX):
            raise CourseError(_("The check {name} must be a function whose name begins with test_.", name=name))
        if inspect.iscoroutinefunction(test) or inspect.isgeneratorfunction(test):
            raise CourseError(_("The check {name} must be an ordinary function, without async and yield.", name=name))
        if not _is_amount(points):
            raise CourseError(_("The points of check {name} must be a number from 0 up.", name=name))
        if isinstance(hints, str | Text) or len(hints) > HINT_STEPS:
            raise CourseError(
                _("The hints of check {name} must be a list of at most {most} sentences.", name=name, most=HINT_STEPS)
            )
        sentence = title if title is not None else (inspect.getdoc(test) or "").strip().partition("\n")[0]
        if not sentence:
            raise CourseError(_("The check {name} needs a title, or a docstring that can be one.", name=name))
        spec = CheckSpec(
            id=name,
            function=function,
            points=float(points),
            title=sentence,
            hint=hint,
            hints=tuple(hints),
            needs=tuple(need if isinstance(need, str) else need.__name__ for need in needs),
            visibility=_visibility(visibility, name),
            given=given,
        )
        setattr(test, SPEC_ATTRIBUTE, spec)
        return test

    return mark


def spec_of(value: object) -> CheckSpec | None:
    """The record that `check` left on a function, or None."""
    spec = getattr(value, SPEC_ATTRIBUTE, None) if inspect.isfunction(value) else None
    return spec if isinstance(spec, CheckSpec) else None


def _is_amount(points: object) -> bool:
    return isinstance(points, int | float) and not isinstance(points, bool) and math.isfinite(points) and points >= 0


def _visibility(given: Visibility | str, name: str) -> Visibility:
    try:
        return Visibility(given)
    except ValueError:
        raise CourseError(
            _("The visibility of check {name} must be public or hidden, not {given}.", name=name, given=given)
        ) from None
