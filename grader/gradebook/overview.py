"""A class at a glance, as data: how the scores lie, what nobody passes, and which mistakes are made most."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from statistics import fmean, median
from typing import Final

from sqlalchemy import select

from grader.course import Course, Exercise
from grader.gradebook.entries import Entry
from grader.gradebook.opening import Gradebook, reading
from grader.gradebook.tables import OUTCOMES
from grader.records import Outcome, Record, Verdict

BINS: Final = 10
MESSAGES_SHOWN: Final = 3
_CHUNK: Final = 500
"""Runs asked for at a time; the oldest SQLite takes 999 values in one question."""


class WrongMessage(Record, frozen=True, kw_only=True):
    """What a check said to `count` students. The text holds what submissions answered: escape it."""

    message: str
    count: int


class CheckOverview(Record, frozen=True, kw_only=True):
    """How a class did on one check: `passed` of the `ran`, and what it said most often to the others."""

    check: str
    function: str
    title: str
    passed: int
    ran: int
    messages: tuple[WrongMessage, ...]

    @property
    def rate(self) -> float:
        """The part that passed, from 0 to 1."""
        return self.passed / self.ran


class ExerciseOverview(Record, frozen=True, kw_only=True):
    """How a class did on one exercise; `title` by language.

    `histogram` counts students by their points, in tenths of `possible`; full points and more are in the last.
    `checks` are worst first. `mean` and `median` are of those who have points.
    """

    exercise: str
    title: dict[str, str]
    possible: float
    handed_in: int
    missing: int
    late: int
    ungraded: int
    verdicts: dict[str, int]
    mean: float | None
    median: float | None
    histogram: tuple[int, ...]
    checks: tuple[CheckOverview, ...]


class Overview(Record, frozen=True, kw_only=True):
    """A whole class."""

    students: int
    exercises: tuple[ExerciseOverview, ...]


@dataclass(slots=True)
class _Tally:
    """How often a check ended how, counted while the outcomes are read: a class has more than memory is for."""

    title: str = ""
    passed: int = 0
    ran: int = 0
    messages: Counter[str] = field(default_factory=Counter)

    def add(self, title: str, outcome: Outcome, message: str | None) -> None:
        """Count one more."""
        self.title = title
        self.ran += 1
        self.passed += outcome is Outcome.PASSED
        if outcome is not Outcome.PASSED and message:
            self.messages[message] += 1


def overview(book: Gradebook, course: Course, table: Iterable[Entry]) -> Overview:
    """The class at a glance, from the runs that count by `table`, which `entries` gives.

    Raises UsageError and InternalError.
    """
    by_exercise: dict[str, list[Entry]] = defaultdict(list)
    students = set()
    for entry in table:
        by_exercise[entry.exercise].append(entry)
        students.add(entry.student.id)
    return Overview(
        students=len(students),
        exercises=tuple(
            _exercise(exercise, by_exercise[exercise.id], _checks(book, by_exercise[exercise.id]))
            for exercise in course.exercises
        ),
    )


def _exercise(exercise: Exercise, table: Sequence[Entry], checks: tuple[CheckOverview, ...]) -> ExerciseOverview:
    points = [entry.points for entry in table if entry.points is not None]
    return ExerciseOverview(
        exercise=exercise.id,
        title=exercise.title,
        possible=exercise.possible,
        handed_in=sum(entry.run is not None for entry in table),
        missing=sum(entry.run is None for entry in table),
        late=sum(entry.late for entry in table),
        ungraded=sum(entry.verdict is Verdict.UNGRADED for entry in table),
        verdicts=dict(Counter(entry.verdict.value for entry in table if entry.verdict is not None)),
        mean=fmean(points) if points else None,
        median=median(points) if points else None,
        histogram=_histogram(entry for entry in table if entry.points is not None),
        checks=checks,
    )


def _histogram(table: Iterable[Entry]) -> tuple[int, ...]:
    counts = [0] * BINS
    for entry in table:
        share = (entry.points or 0.0) / entry.possible if entry.possible > 0 else 0.0
        counts[min(max(int(share * BINS), 0), BINS - 1)] += 1
    return tuple(counts)


def _checks(book: Gradebook, table: Iterable[Entry]) -> tuple[CheckOverview, ...]:
    """Worst first; of equally hard ones, in the order in which a report has them."""
    numbers = [entry.run for entry in table if entry.run is not None]
    columns = (OUTCOMES.c.check_id, OUTCOMES.c.function, OUTCOMES.c.title, OUTCOMES.c.outcome, OUTCOMES.c.message)
    tallies: dict[tuple[str, str], _Tally] = defaultdict(_Tally)
    for start in range(0, len(numbers), _CHUNK):
        chunk = OUTCOMES.c.run_id.in_(numbers[start : start + _CHUNK])
        with reading(book) as connection:
            rows = connection.execute(select(*columns).where(chunk).order_by(OUTCOMES.c.run_id, OUTCOMES.c.position))
            for check, function, title, ended, message in rows:
                outcome = Outcome(ended)
                if outcome.judges:
                    tallies[function, check].add(title, outcome, message)
    found = (
        CheckOverview(
            check=check,
            function=function,
            title=tally.title,
            passed=tally.passed,
            ran=tally.ran,
            messages=_messages(tally.messages),
        )
        for (function, check), tally in tallies.items()
    )
    return tuple(sorted(found, key=lambda check: check.rate))


def _messages(counts: Counter[str]) -> tuple[WrongMessage, ...]:
    ordered = nsmallest(MESSAGES_SHOWN, counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(WrongMessage(message=message, count=count) for message, count in ordered)
