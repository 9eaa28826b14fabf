"""A report as its course lets a student see it. Pure."""

from __future__ import annotations

from datetime import datetime

import msgspec

from grader.course import Showing
from grader.grading.assembling import score_of, verdict_of
from grader.language import Text, Translator, _
from grader.records import CheckReport, Outcome, Points, Report, Verdict, Visibility
from grader.report import next_check


def as_shown(report: Report, showing: Showing, now: datetime, translator: Translator) -> Report:
    """`report` without what the course withholds of hidden checks at the time `now`, which has a time zone.

    With `outcome`, the feedback of hidden checks is left out; with `title`, their outcomes and points too, and verdict
    and score are those of the other checks. A report that the grader could not complete is shown as it is.
    """
    is_over = showing.until is not None and now >= showing.until
    hidden = [check for check in report.checks if check.visibility is Visibility.HIDDEN]
    if showing.hidden == "message" or is_over or not hidden:
        return report
    if any(check.outcome is Outcome.ERRORED for check in report.checks):
        return report
    why = translator.render(_reason(showing))
    without_outcome = showing.hidden == "title"
    checks = tuple(
        _withheld(check, why, without_outcome=without_outcome) if check in hidden else check for check in report.checks
    )
    first = next_check(report.checks)
    is_told = first is not None and first not in hidden
    report = msgspec.structs.replace(
        report,
        checks=checks,
        notes=(*report.notes, why),
        next_step=report.next_step if is_told or not without_outcome else None,
        metrics=(),
        trainings=(),
    )
    return _scored_by_the_others(report) if without_outcome else report


def _reason(showing: Showing) -> Text:
    if showing.until is None:
        return _("This course does not show more of its hidden checks.")
    return _("More of the hidden checks is shown after {time}.", time=showing.until.strftime("%Y-%m-%d %H:%M (UTC%z)"))


def _withheld(check: CheckReport, why: str, *, without_outcome: bool) -> CheckReport:
    if check.outcome is Outcome.PASSED and not without_outcome:
        return check
    bare = msgspec.structs.replace(
        check, message=None, expected=None, observed=None, hint=None, hints=(), location=None, source=None, tables=()
    )
    if not without_outcome:
        return bare
    points = Points(earned=0.0, possible=check.points.possible)
    return msgspec.structs.replace(bare, outcome=Outcome.NOT_RUN, points=points, message=why, seconds=0.0)


def _scored_by_the_others(report: Report) -> Report:
    """With verdict and score of the checks that are shown; without a score where none is."""
    shown = [check for check in report.checks if check.visibility is not Visibility.HIDDEN]
    if not shown:
        return msgspec.structs.replace(report, verdict=Verdict.UNGRADED, score=None)
    attempted = report.verdict is not Verdict.NOT_ATTEMPTED
    return msgspec.structs.replace(report, verdict=verdict_of(shown, attempted=attempted), score=score_of(shown))
