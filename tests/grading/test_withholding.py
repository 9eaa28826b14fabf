"""What a course does not show of its hidden checks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec
import pytest

from grader.course import Showing
from grader.grading import as_shown
from grader.language import Translator
from grader.records import Outcome, Report, Verdict, Visibility
from grader.report import render_json
from tests.report.conftest import make_check, make_report

ENGLISH = Translator.english()
NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
SECRET = "the inputs are 17 and 4"  # noqa: S105 - nothing that opens anything


def a_report() -> Report:
    return make_report(
        make_check("f", "Public and right", visibility=Visibility.PUBLIC),
        make_check("f", "Public and wrong", Outcome.FAILED, visibility=Visibility.PUBLIC, message="Told."),
        make_check("g", "Hidden and right"),
        make_check(
            "g", "Hidden and wrong", Outcome.FAILED, message=SECRET, observed=SECRET, hint=SECRET, hints=(SECRET,)
        ),
        next_step="Next: change f, save, and grade again.",
    )


def shown(hidden: Literal["title", "outcome", "message"], until: datetime | None = None) -> Report:
    return as_shown(a_report(), Showing(hidden=hidden, until=until), NOW, ENGLISH)


def test_everything_is_shown_unless_the_course_says_otherwise() -> None:
    assert shown("message") == a_report()
    assert shown("title", NOW - timedelta(seconds=1)) == a_report()
    assert shown("outcome", NOW) == a_report()


def test_a_course_may_show_outcomes_without_their_reasons() -> None:
    report = shown("outcome", NOW + timedelta(days=1))
    assert [check.outcome for check in report.checks] == [check.outcome for check in a_report().checks]
    assert report.score == a_report().score
    assert SECRET not in render_json(report)
    assert "Told." in render_json(report)
    assert any("2026-12-02 12:00" in note for note in report.notes)


def test_a_course_may_show_nothing_but_titles() -> None:
    report = shown("title")
    hidden = [check for check in report.checks if check.visibility is Visibility.HIDDEN]
    assert {(check.outcome, check.points.earned) for check in hidden} == {(Outcome.NOT_RUN, 0.0)}
    assert [check.title for check in hidden] == ["Hidden and right", "Hidden and wrong"]
    assert SECRET not in render_json(report)
    assert report.verdict is Verdict.PARTIAL
    assert report.score is not None
    assert (report.score.earned, report.score.possible) == (1.0, 2.0)
    assert "does not show more" in report.notes[-1]


def test_where_everything_is_hidden_there_is_no_score_to_guess_from() -> None:
    right, wrong = (msgspec.structs.replace(a_report(), checks=(a_report().checks[index],)) for index in (2, 3))
    reports = [as_shown(report, Showing(hidden="title"), NOW, ENGLISH) for report in (right, wrong)]
    assert all((report.verdict, report.score) == (Verdict.UNGRADED, None) for report in reports)
    assert {report.next_step for report in reports} == {None}


@pytest.mark.parametrize("hidden", ["title", "outcome"])
def test_a_failure_of_the_grader_is_never_withheld(hidden: Literal["title", "outcome"]) -> None:
    report = make_report(make_check("f", "It", Outcome.ERRORED), verdict=Verdict.UNGRADED, score=None)
    assert as_shown(report, Showing(hidden=hidden), NOW, ENGLISH) == report
