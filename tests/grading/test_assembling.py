"""From outcomes to a verdict and a score."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.grading.assembling import environment, score_of, verdict_of
from grader.records import CheckReport, Outcome, Points, Verdict, Visibility

PASSED, FAILED, SKIPPED, NOT_RUN, ERRORED = (
    Outcome.PASSED,
    Outcome.FAILED,
    Outcome.SKIPPED,
    Outcome.NOT_RUN,
    Outcome.ERRORED,
)


def check(outcome: Outcome, earned: float, possible: float = 1.0) -> CheckReport:
    return CheckReport(
        id="test_it",
        function="f",
        title="It works",
        visibility=Visibility.HIDDEN,
        outcome=outcome,
        points=Points(earned=earned, possible=possible),
        message=None,
        expected=None,
        observed=None,
        hint=None,
        location=None,
        seconds=0.0,
    )


def reports(outcomes: Sequence[Outcome]) -> list[CheckReport]:
    return [check(outcome, 1.0 if outcome is PASSED else 0.0) for outcome in outcomes]


@pytest.mark.parametrize(
    ("outcomes", "attempted", "verdict"),
    [
        ([PASSED, PASSED], True, Verdict.PASSED),
        ([PASSED, FAILED], True, Verdict.PARTIAL),
        ([FAILED, SKIPPED], True, Verdict.FAILED),
        ([PASSED, NOT_RUN], True, Verdict.PARTIAL),
        ([NOT_RUN, NOT_RUN], True, Verdict.FAILED),
        ([NOT_RUN, NOT_RUN], False, Verdict.NOT_ATTEMPTED),
        ([PASSED, ERRORED], True, Verdict.UNGRADED),
        ([ERRORED, NOT_RUN], False, Verdict.UNGRADED),
        ([], True, Verdict.UNGRADED),
    ],
)
def test_the_verdict_follows_from_the_outcomes(outcomes: list[Outcome], verdict: Verdict, *, attempted: bool) -> None:
    assert verdict_of(reports(outcomes), attempted=attempted) is verdict


def test_partial_credit_makes_a_failed_check_a_partial_run() -> None:
    assert verdict_of([check(FAILED, 0.5)], attempted=True) is Verdict.PARTIAL


def test_a_score_is_a_sum_that_shows_no_binary_dust() -> None:
    score = score_of([check(PASSED, 0.1, 0.1), check(PASSED, 0.2, 0.2)])
    assert (score.earned, score.possible) == (0.3, 0.3)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 100))))
def test_a_score_stays_within_its_bounds(parts: list[tuple[float, float]]) -> None:
    score = score_of([check(FAILED, fraction * possible, possible) for fraction, possible in parts])
    assert 0 <= score.earned <= score.possible


def test_versions_are_told_only_where_they_mattered() -> None:
    assert environment(keras=False).tensorflow is None
    assert environment(keras=True).keras is not None
