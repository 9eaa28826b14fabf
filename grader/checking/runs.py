"""How one check ended, as data, and what an exception in a check means."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from grader.checking.diagnosis import Diagnosis, diagnose_exception
from grader.checking.failures import CheckFailed, Message
from grader.checking.specs import CheckSpec
from grader.errors import GraderError, LimitError, StudentError, SubmissionFault
from grader.language import Text, _
from grader.records import LayerTable, Location, Metric, Outcome, Record, Visibility


class Ending(Record, frozen=True, kw_only=True):
    """How a check ended and why. `fraction` of its points are earned; `detail` is for the author of the check only."""

    outcome: Outcome
    fraction: float = 0.0
    message: Message | None = None
    expected: Message | None = None
    observed: Message | None = None
    hint: Message | None = None
    tables: tuple[LayerTable, ...] = ()
    location: Location | None = None
    detail: str | None = None
    judged: bool = False
    """whether the answer itself was at fault, so that the check's hint may fit"""
    helped: bool = True
    """whether the check's steps of help may fit: not where the function is missing, or the file does not parse"""


class CheckRun(Record, frozen=True, kw_only=True):
    """One check of one run. `earned` and `possible` are points; `seconds` are wall time.

    `printed` and `warnings` are what the student's code wrote in this check's calls, cut to a readable length. `hints`
    are the steps of help of a check that has not been passed yet; `tables` the layers that were compared.
    """

    id: str
    function: str
    title: Message
    visibility: Visibility
    outcome: Outcome
    earned: float
    possible: float
    message: Message | None = None
    expected: Message | None = None
    observed: Message | None = None
    hint: Message | None = None
    hints: tuple[Message, ...] = ()
    tables: tuple[LayerTable, ...] = ()
    location: Location | None = None
    printed: str = ""
    warnings: tuple[str, ...] = ()
    metrics: tuple[Metric, ...] = ()
    seconds: float = 0.0
    detail: str | None = None


PASSED = Ending(outcome=Outcome.PASSED, fraction=1.0)
NOT_RUN = Ending(outcome=Outcome.NOT_RUN)
_HELPED: Final = frozenset({Outcome.FAILED, Outcome.TIMED_OUT, Outcome.NOT_RUN})
"""Outcomes with steps of help: a function that is not written yet needs them most."""


def run_of(
    spec: CheckSpec,
    ending: Ending,
    *,
    printed: str = "",
    warnings: tuple[str, ...] = (),
    metrics: tuple[Metric, ...] = (),
    seconds: float = 0.0,
) -> CheckRun:
    """What the report needs of a check. Its own hint, or the first of its steps, stands in where a failure has none."""
    hint = ending.hint
    if hint is None and ending.judged:
        hint = spec.hint if spec.hint is not None else next(iter(spec.hints), None)
    return CheckRun(
        id=spec.id,
        function=spec.function,
        title=spec.title,
        visibility=spec.visibility,
        outcome=ending.outcome,
        earned=spec.points * ending.fraction,
        possible=spec.points,
        message=ending.message,
        expected=ending.expected,
        observed=ending.observed,
        hint=hint,
        hints=spec.hints if ending.helped and ending.outcome in _HELPED else (),
        tables=ending.tables,
        location=ending.location,
        printed=printed,
        warnings=warnings,
        metrics=metrics,
        seconds=seconds,
        detail=ending.detail,
    )


def unasked_checks(
    specs: Iterable[CheckSpec], states: Mapping[str, tuple[Outcome, Text | str]]
) -> tuple[CheckRun, ...]:
    """The checks of functions that are not asked at all, with the reason; checks of other functions are not run."""
    return tuple(run_of(spec, stated(spec, states) or NOT_RUN) for spec in specs)


def stated(spec: CheckSpec, states: Mapping[str, tuple[Outcome, Text | str]]) -> Ending | None:
    """How a check ends whose function is not asked; None where it is asked."""
    if spec.function not in states:
        return None
    outcome, message = states[spec.function]
    return Ending(outcome=outcome, message=message, helped=outcome is Outcome.NOT_RUN)


def skipped(reason: Text | str) -> Ending:
    """A check that was not asked because of `reason`."""
    return Ending(outcome=Outcome.SKIPPED, message=reason)


def ending_of(error: BaseException, file: Path, diagnoses: tuple[Diagnosis, ...] = ()) -> Ending:
    """What an exception in a check of `file` means, and whose fault it is.

    CheckFailed, AssertionError and faults of the submission fail the check; anything else is the grader's or the
    course's own error.
    """
    match error:
        case CheckFailed():
            return Ending(
                outcome=Outcome.FAILED,
                fraction=error.fraction,
                message=error.message,
                expected=error.expected,
                observed=error.observed,
                hint=error.hint,
                tables=error.tables,
                judged=True,
            )
        case SubmissionFault():
            return _fault(error, diagnoses)
        case AssertionError():
            text = str(error).strip().partition("\n")[0]
            return Ending(
                outcome=Outcome.FAILED,
                message=text or _("What the title of this check asks for is not met."),
                judged=True,
            )
        case _:
            return errored(error, file)


def errored(error: BaseException, file: Path) -> Ending:
    """A check that could not be judged; nothing is held against the submission."""
    message = _("The grader itself failed in this check. Nothing is lost, and nothing is held against you.")
    if isinstance(error, GraderError):
        message = _("{message} The reason: {reason}", message=message, reason=error.message)
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == str(file)]
    place = f"{file.name}:{lines[-1]}: " if lines else f"{file.name}: "
    return Ending(outcome=Outcome.ERRORED, message=message, detail=f"{place}{type(error).__name__}: {_text(error)}")


def _fault(error: SubmissionFault, diagnoses: tuple[Diagnosis, ...]) -> Ending:
    message, hint = error.message, error.hint
    if isinstance(error, StudentError) and diagnoses:
        own_message, own_hint = diagnose_exception(error.exception, error.text, diagnoses)
        message = message if own_message is None else _("{what} — {meaning}", what=message, meaning=own_message)
        hint = own_hint or hint
    timed_out = isinstance(error, LimitError) and error.timed_out
    return Ending(
        outcome=Outcome.TIMED_OUT if timed_out else Outcome.FAILED,
        message=message,
        expected=error.expected,
        observed=error.observed,
        hint=hint,
        location=error.location,
        judged=isinstance(error, StudentError),
    )


def _text(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except Exception:  # noqa: BLE001 - an exception of any library, whose text is not worth failing for
        return ""
