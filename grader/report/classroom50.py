"""Reports as Classroom 50's `result.json`. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Self

from grader.language import Translator
from grader.records import CheckReport, Outcome, Record, Report
from grader.report.absent import NoSubmission
from grader.report.feedback import json_text, plain

SCHEMA: Final = "classroom50/result/v1"
PARTS: Final = 100
"""The format has whole numbers only, so that it is told hundredths of a point."""
_NAME: Final = 100


class Classroom(Record, frozen=True, kw_only=True):
    """What the runner of a classroom knows of a submission and a report does not. Times are ISO 8601 in UTC.

    `datetime` is when the submission was handed in, and is never changed by grading again.
    """

    classroom: str = ""
    assignment: str = ""
    assignment_type: str = "individual"
    owner: str = ""
    submission: str = ""
    commit: str = ""
    release: str = ""
    review: str = ""
    datetime: str = ""
    graded_at: str = ""

    @classmethod
    def of(cls, environment: Mapping[str, str], *, now: str) -> Self:
        """The facts that the runner puts into environment variables; `now` where it says no time."""
        return cls(
            classroom=environment.get("CLASSROOM", ""),
            assignment=environment.get("ASSIGNMENT", ""),
            assignment_type=environment.get("ASSIGNMENT_TYPE", "individual"),
            owner=environment.get("OWNER") or environment.get("USERNAME", ""),
            submission=environment.get("SUBMISSION_TAG", ""),
            commit=environment.get("COMMIT_URL", ""),
            release=environment.get("RELEASE_URL", ""),
            review=environment.get("REVIEW_URL") or environment.get("COMMIT_URL", ""),
            datetime=environment.get("SUBMISSION_DATETIME") or now,
            graded_at=now,
        )


def classroom50_json(entries: Sequence[Report | NoSubmission], _translator: Translator, *, facts: Classroom) -> str:
    """The document of `grader.report.render_classroom50`."""
    reports = [entry for entry in entries if isinstance(entry, Report)]
    several = len(reports) > 1
    by_report = [[_test(report, check, several=several) for check in report.checks] for report in reports]
    tests = [test for tests_ in by_report for test in tests_]
    told = {name: getattr(facts, name) for name in facts.__struct_fields__}
    found: dict[str, Any] = {
        "schema": SCHEMA,
        **{name: value for name, value in told.items() if value or name != "graded_at"},
        "score": sum(_score(report, tests_) for report, tests_ in zip(reports, by_report, strict=True)),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }
    return json_text(found)


def _score(report: Report, tests: Iterable[Mapping[str, Any]]) -> int:
    """What counts of a report, in hundredths of a point: what its checks earned, unless it was late or adjusted."""
    earned = sum(check.points.earned for check in report.checks)
    if report.score is None or math.isclose(report.score.earned, earned, abs_tol=1e-6):
        return sum(test["score"] for test in tests)
    return max(math.floor(round(report.score.earned * PARTS, 6)), 0)


def _test(report: Report, check: CheckReport, *, several: bool) -> dict[str, Any]:
    name = f"{report.exercise}: {check.id}" if several else check.id
    possible = max(round(check.points.possible * PARTS), 0)
    # Rounded down, so that only a full score is a full one.
    earned = math.floor(round(check.points.earned * PARTS, 6))
    return {
        "test-name": plain(name, _NAME) or "?",
        "passed": check.outcome is Outcome.PASSED,
        "score": min(max(earned, 0), possible),
        "max-score": possible,
    }
