"""What a whole class did, counted in one pass over its reports. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from grader.records import CheckReport, Outcome, Record, Report
from grader.report.words import ratio

BINS: Final = 10
"""Of a distribution: nine tenths below the last, which holds the full points too."""
WRONG_ANSWERS: Final = 3
_MESSAGE: Final = 300
_MOST_MESSAGES: Final = 2000
"""Different messages that are counted for one check; more of them are each given once or twice."""


class CohortEntry(Record, frozen=True, kw_only=True):
    """One student and one exercise: the report, or None where there is none to show.

    `reason` says why there is no report or no score; `link` is the report's page, relative to the overview;
    `points` are what counts where that is not what the report says, `possible` those that the exercise gives; `by_hand`
    says that an instructor changed them.
    """

    student: str
    name: str = ""
    section: str = ""
    exercise: str
    title: str = ""
    report: Report | None
    reason: str | None = None
    link: str | None = None
    points: float | None = None
    possible: float = 0.0
    late: bool = False
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What the table of students has for one exercise. `points` is None where nothing was scored."""

    points: float | None
    possible: float
    verdict: str | None
    link: str | None
    late: bool
    by_hand: bool = False
    unreadable: bool = False
    """whether there was something that could not be graded"""


@dataclass(slots=True)
class CheckTally:
    """One check over all graded submissions."""

    check: str
    function: str
    title: str
    possible: float
    ran: int = 0
    passed: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    _rest: float = 0.0
    _rest_squared: float = 0.0
    _rest_passed: float = 0.0

    def add(self, check: CheckReport, rest: float) -> None:
        """Count how `check` ended for a submission that earned `rest` points in its other checks, if it ran."""
        if not check.outcome.judges:
            return
        self.ran += 1
        self._rest += rest
        self._rest_squared += rest * rest
        if check.outcome is Outcome.PASSED:
            self.passed += 1
            self._rest_passed += rest
        elif check.message:
            message = check.message[:_MESSAGE]
            if message in self.wrong or len(self.wrong) < _MOST_MESSAGES:
                self.wrong[message] += 1

    @property
    def rate(self) -> float:
        """The part that passed of those in which it ran, from 0 to 1."""
        return self.passed / self.ran if self.ran else 0.0

    @property
    def discrimination(self) -> float | None:
        """The point-biserial correlation of passing with the rest of the score, from -1 to 1.

        None where all or none passed, or the rest is the same for all: there is nothing to tell apart then.
        """
        failed = self.ran - self.passed
        if not self.passed or not failed:
            return None
        mean = self._rest / self.ran
        variance = self._rest_squared / self.ran - mean * mean
        if variance <= 1e-9 * max(1.0, mean * mean):
            return None
        passed_mean, failed_mean = self._rest_passed / self.passed, (self._rest - self._rest_passed) / failed
        weight = math.sqrt(self.passed * failed) / self.ran
        return max(-1.0, min(1.0, (passed_mean - failed_mean) / math.sqrt(variance) * weight))


@dataclass(slots=True)
class ExerciseTally:
    """One exercise over all its submissions."""

    exercise: str
    title: str
    possible: float = 0.0
    shares: list[float] = field(default_factory=list)
    checks: dict[str, CheckTally] = field(default_factory=dict)

    def add(self, report: Report, earned: float) -> None:
        """Count a graded report that earns `earned` points."""
        possible = report.score.possible if report.score else 0.0
        self.possible = max(self.possible, possible)
        self.shares.append(ratio(earned, possible))
        total = math.fsum(check.points.earned for check in report.checks)
        for check in report.checks:
            tally = self.checks.get(check.id)
            if tally is None:
                tally = CheckTally(check.id, check.function, check.title, check.points.possible)
                self.checks[check.id] = tally
            tally.add(check, total - check.points.earned)


@dataclass(slots=True)
class StudentRow:
    """One student's line of the table."""

    student: str
    name: str
    section: str
    cells: dict[str, Cell] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """What all exercises gave together."""
        return math.fsum(cell.points for cell in self.cells.values() if cell.points is not None)


@dataclass(frozen=True, slots=True)
class Ungraded:
    """A submission without a score, and why."""

    student: str
    exercise: str
    reason: str | None
    link: str | None


@dataclass(slots=True)
class Cohort:
    """Everything that the overview tells, without the reports themselves."""

    exercises: dict[str, ExerciseTally] = field(default_factory=dict)
    students: dict[str, StudentRow] = field(default_factory=dict)
    ungraded: list[Ungraded] = field(default_factory=list)
    submissions: int = 0

    @property
    def possible(self) -> float:
        """What all exercises could give together."""
        return math.fsum(tally.possible for tally in self.exercises.values())


def count(entries: Iterable[CohortEntry]) -> Cohort:
    """The cohort of `entries`, each of which is looked at once and then let go."""
    cohort = Cohort()
    for entry in entries:
        _add(cohort, entry)
    return cohort


def histogram(shares: Iterable[float]) -> tuple[int, ...]:
    """How many of `shares` (0 to 1) are in each of `BINS` equal parts."""
    bins = [0] * BINS
    for share in shares:
        bins[min(int(share * BINS), BINS - 1)] += 1
    return tuple(bins)


def _add(cohort: Cohort, entry: CohortEntry) -> None:
    report = entry.report
    row = cohort.students.setdefault(entry.student, StudentRow(entry.student, entry.name, entry.section))
    tally = cohort.exercises.setdefault(entry.exercise, ExerciseTally(entry.exercise, entry.title))
    tally.possible = max(tally.possible, entry.possible)
    if report is not None and not tally.title:
        tally.title = report.title
    cohort.submissions += report is not None or entry.reason is not None
    earned = report.score.earned if report is not None and report.score is not None else None
    points = entry.points if entry.points is not None else earned
    if report is not None and earned is not None and points is not None:
        tally.add(report, points)
    elif report is not None or entry.reason is not None:
        reason = entry.reason or (None if report is None else _reason(report))
        cohort.ungraded.append(Ungraded(entry.student, entry.exercise, reason, entry.link))
    row.cells[entry.exercise] = Cell(
        points=points,
        possible=report.score.possible if report is not None and report.score is not None else tally.possible,
        verdict=None if report is None else report.verdict.value,
        link=entry.link,
        late=entry.late,
        by_hand=entry.by_hand,
        unreadable=report is None and entry.reason is not None,
    )


def _reason(report: Report) -> str | None:
    errored = [check.message for check in report.checks if check.outcome is Outcome.ERRORED and check.message]
    return errored[0][:_MESSAGE] if errored else None
