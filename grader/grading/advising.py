"""What to do next, in one sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from grader.grading.places import place
from grader.language import Text, _
from grader.records import CheckReport, Location, Outcome
from grader.report import next_check
from grader.submission import FunctionState, Submission


def next_step(
    checks: Sequence[CheckReport], submission: Submission, raised_at: Location | None, *, live: bool = False
) -> Text | None:
    """What to do about the first check that did not pass; None where all did, or where the grader failed.

    `raised_at` is where the code outside the functions raised, if it did. In a `live` notebook nothing needs saving.
    """
    check = next_check(checks)
    if check is None or any(check.outcome is Outcome.ERRORED for check in checks):
        return None
    then = _("run the cell") if live else _("save")
    known = _told_by_the_text(check.function, submission, then)
    if known is not None:
        return known
    if check.outcome is Outcome.NOT_RUN:
        return _("Next: write {function}, {then}, and grade again.", function=check.function, then=then)
    if raised_at is not None and check.location == raised_at:
        return _mend(raised_at, then)
    return _("Next: change {function}, {then}, and grade again.", function=check.function, then=then)


def _told_by_the_text(function: str, submission: Submission, then: Text) -> Text | None:
    """What to do about a function that could not even be asked."""
    facts = submission.functions.get(function)
    if facts is None:
        return None
    problem = submission.problem_of(function)
    if problem is not None:
        return _mend(problem.location, then)
    if facts.state is FunctionState.MISSPELT:
        return _(
            "Next: rename {suggestion} to {name}, {then}, and grade again.",
            suggestion=facts.suggestion,
            name=function,
            then=then,
        )
    if facts.state is FunctionState.MISPLACED:
        return _(
            "Next: move the def of {function} to the left margin, {then}, and grade again.",
            function=function,
            then=then,
        )
    return None


def _mend(location: Location, then: Text) -> Text:
    return _("Next: mend {place}, {then}, and grade again.", place=place(location), then=then)
