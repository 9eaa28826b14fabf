"""From what the checks found to the report, in the words of one language. Pure."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Final

import msgspec

from grader import __version__
from grader.course import Exercise, in_language
from grader.errors import StudentError
from grader.grading.advising import next_step
from grader.grading.places import place
from grader.grading.sources import source_parts
from grader.grading.states import nothing_written
from grader.language import Text, Translator, _
from grader.records import (
    CheckReport,
    Environment,
    Location,
    Metric,
    Outcome,
    Points,
    Report,
    SandboxFacts,
    Score,
    SubmissionFacts,
    Training,
    Usage,
    Verdict,
)
from grader.submission import Submission

if TYPE_CHECKING:
    from grader.checking import CheckRun

_PRINTED_CHARACTERS: Final = 400
_DIGITS: Final = 6
"""Points are sums of decimal fractions; more digits would show how binary fractions miss them."""


@dataclass(frozen=True)
class Run:
    """What one run found, before it is put into words."""

    checks: tuple[CheckRun, ...]
    usage: Usage
    sandbox: SandboxFacts
    raised: tuple[StudentError, ...] = ()
    warnings: tuple[str, ...] = ()
    keras: bool = False
    trainings: tuple[Training, ...] = ()


def assemble(
    exercise: Exercise,
    submission: Submission,
    run: Run,
    *,
    translator: Translator,
    notes: Sequence[Text],
    seconds: float,
    classes: Mapping[str, tuple[str, ...]] | None = None,
    live: bool = False,
) -> Report:
    """The report of one run, which took `seconds` of wall time; `classes` are the data set's, by language.

    `live` is for a notebook that is being worked on.
    """
    names = in_language(classes, translator.language) if classes else ()
    render = translator.render
    checks = tuple(_check_report(check, submission, translator, _at_top(check, run.raised)) for check in run.checks)
    raised_at = run.raised[0].location if run.raised else None
    verdict = verdict_of(checks, attempted=not nothing_written(submission))
    return Report(
        exercise=exercise.id,
        title=in_language(exercise.title, translator.language),
        language=translator.language,
        submission=SubmissionFacts(path=submission.path, sha256=submission.sha256),
        verdict=verdict,
        score=None if verdict is Verdict.UNGRADED else score_of(checks),
        checks=checks,
        next_step=_words(next_step(checks, submission, raised_at, live=live), translator),
        notes=tuple(dict.fromkeys(render(note) for note in _notes(submission, run, notes))),
        metrics=_metrics(run.checks),
        sandbox=run.sandbox,
        usage=run.usage,
        environment=environment(keras=run.keras),
        seconds=seconds,
        sources=source_parts(submission),
        trainings=tuple(msgspec.structs.replace(training, classes=names) for training in run.trainings),
    )


def verdict_of(checks: Iterable[CheckReport], *, attempted: bool) -> Verdict:
    """How the run ended. One errored check means that the grader failed, and nothing is held against the student."""
    outcomes = [check.outcome for check in checks]
    if Outcome.ERRORED in outcomes or not outcomes:
        return Verdict.UNGRADED
    if not attempted:
        return Verdict.NOT_ATTEMPTED
    if all(outcome is Outcome.PASSED for outcome in outcomes):
        return Verdict.PASSED
    return Verdict.PARTIAL if any(check.points.earned > 0 for check in checks) else Verdict.FAILED


def score_of(checks: Sequence[CheckReport]) -> Score:
    """The sum of the checks' points."""
    return Score(
        earned=round(math.fsum(check.points.earned for check in checks), _DIGITS),
        possible=round(math.fsum(check.points.possible for check in checks), _DIGITS),
    )


def environment(*, keras: bool) -> Environment:
    """The versions that this run depended on."""
    return Environment(
        grader=__version__,
        python=".".join(map(str, sys.version_info[:3])),
        tensorflow=_version("tensorflow") if keras else None,
        keras=_version("keras") if keras else None,
    )


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _check_report(
    check: CheckRun, submission: Submission, translator: Translator, at_top: StudentError | None
) -> CheckReport:
    """The report of one check. Help with the check is none with an exception `at_top`, outside all functions."""
    hint, hints = (check.hint, check.hints) if at_top is None else (at_top.hint, ())
    location = check.location or _place_without_run(check, submission)
    return CheckReport(
        id=check.id,
        function=check.function,
        title=translator.render(check.title),
        visibility=check.visibility,
        outcome=check.outcome,
        points=Points(earned=round(check.earned, _DIGITS), possible=round(check.possible, _DIGITS)),
        message=_words(check.message, translator),
        expected=_words(check.expected, translator),
        observed=_words(check.observed, translator),
        hint=_words(hint, translator),
        hints=tuple(map(translator.render, hints)),
        tables=check.tables,
        location=location,
        source=submission.line_text(location) if location else None,
        seconds=check.seconds,
    )


def _at_top(check: CheckRun, raised: Sequence[StudentError]) -> StudentError | None:
    """The exception outside all functions that is why `check` did not pass, if it is."""
    return next((error for error in raised if error.message == check.message), None)


def _place_without_run(check: CheckRun, submission: Submission) -> Location | None:
    """Where a function stands that a failed check asked; where the text cannot be read if it stands there."""
    if check.outcome in {Outcome.PASSED, Outcome.SKIPPED, Outcome.ERRORED}:
        return None
    facts = submission.functions.get(check.function)
    if facts is None:
        return None
    problem = submission.problem_of(check.function)
    return facts.location if problem is None else problem.location


def _words(text: Text | str | None, translator: Translator) -> str | None:
    return None if text is None else translator.render(text)


def _notes(submission: Submission, run: Run, notes: Sequence[Text]) -> Iterable[Text]:
    for problem in submission.problems:
        yield _("{place}: {message}", place=place(problem.location), message=problem.message)
    for error in run.raised:
        if error.location is None:
            yield _("{message}", message=error.message)
        else:
            yield _("{place}: {message}", place=place(error.location), message=error.message)
    yield from notes
    yield from submission.notes
    for warning in dict.fromkeys((*run.warnings, *(text for check in run.checks for text in check.warnings))):
        yield _("Warning while your code ran: {text}", text=warning)
    for check in run.checks:
        if check.printed.strip() and check.outcome is not Outcome.PASSED:
            text = check.printed.strip()[:_PRINTED_CHARACTERS]
            yield _("{function} printed: {text}", function=check.function, text=text)


def _metrics(checks: Iterable[CheckRun]) -> tuple[Metric, ...]:
    return tuple(metric for check in checks for metric in check.metrics)
