"""Which run of each student counts for each exercise, and for how many points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from grader.course import Course, Exercise
from grader.gradebook.opening import Gradebook
from grader.gradebook.policy import Attempts, Policy
from grader.gradebook.reading import changes, runs, students
from grader.gradebook.records import POINTS_KINDS, Change, ChangeKind, Run, Student
from grader.records import Record, Verdict

_BEFORE_ALL: Final = datetime.min.replace(tzinfo=UTC)


class Entry(Record, frozen=True, kw_only=True):
    """What one student has of one exercise.

    `run` is the run that counts, None where nothing was handed in. `earned` is what it earned, `factor` what being late
    leaves of that, `adjustment` what an instructor added, and `points` what counts in the end. They are None where
    nothing was handed in, unless an instructor has added or set some, and where the run is ungraded, unless they were
    set; `replaced` says that they were, and `adjustment` is then what that made of a difference.
    """

    student: Student
    exercise: str
    run: int | None = None
    attempt: int | None = None
    attempts: int = 0
    verdict: Verdict | None = None
    handed_in: datetime | None = None
    deadline: datetime | None = None
    days_late: int = 0
    marked_late: bool = False
    earned: float | None = None
    factor: float = 1.0
    adjustment: float | None = None
    replaced: bool = False
    points: float | None = None
    possible: float
    comment: str | None = None

    @property
    def late(self) -> bool:
        """Whether it was handed in late, by its time or by what the platform said."""
        return self.days_late > 0 or self.marked_late


class _Marks(Record, frozen=True, kw_only=True):
    """What holds by hand for one student and exercise."""

    points: Change | None
    comment: str | None
    until: datetime | None
    attempt: int | None


def entries(book: Gradebook, course: Course, policy: Policy) -> tuple[Entry, ...]:
    """An entry for each student in the gradebook and each exercise of the course, in order of both.

    Students who are left out of the class have none.

    Raises UsageError and InternalError where the gradebook cannot be read.
    """
    return entries_of(students(book), course.exercises, runs(book), changes(book), policy)


def entries_of(
    everyone: Sequence[Student],
    exercises: Sequence[Exercise],
    recorded: Iterable[Run],
    by_hand: Iterable[Change],
    policy: Policy,
) -> tuple[Entry, ...]:
    """The entries that follow from what was recorded; `recorded` and `by_hand` are given oldest first."""
    by_place: dict[tuple[str, str], list[Run]] = defaultdict(list)
    for run in recorded:
        by_place[run.student, run.exercise].append(run)
    # The one that was recorded last holds; points that are added and points that are set replace each other.
    held: dict[tuple[str | None, str, object], Change] = {}
    for change in by_hand:
        kind = POINTS_KINDS if change.kind in POINTS_KINDS else change.kind
        held[change.student, change.exercise, kind] = change
    return tuple(
        _entry(
            student,
            exercise,
            by_place.get((student.id, exercise.id), ()),
            _marks(held, student.id, exercise.id, policy),
            policy,
        )
        for student in everyone
        if not _is_dropped(held.get((student.id, "", ChangeKind.DROPPED)))
        for exercise in exercises
    )


def _is_dropped(change: Change | None) -> bool:
    return change is not None and change.value is not None


def _marks(
    held: Mapping[tuple[str | None, str, object], Change], student: str, exercise: str, policy: Policy
) -> _Marks:
    def value(kind: ChangeKind, whose: str | None = student) -> object:
        change = held.get((whose, exercise, kind))
        return None if change is None else change.value

    points = held.get((student, exercise, POINTS_KINDS))
    comment, attempt = value(ChangeKind.COMMENT), value(ChangeKind.ATTEMPT)
    until = value(ChangeKind.EXTENSION) or value(ChangeKind.DEADLINE, None) or policy.deadlines.get(exercise)
    return _Marks(
        points=points if points is not None and points.value is not None else None,
        comment=comment if isinstance(comment, str) else None,
        until=until if isinstance(until, datetime) else None,
        attempt=int(attempt) if isinstance(attempt, (int, float)) else None,
    )


def _entry(student: Student, exercise: Exercise, all_runs: Sequence[Run], marks: _Marks, policy: Policy) -> Entry:
    candidates = [_measured(student, exercise, run, marks, policy) for run in _newest_of_attempts(all_runs).values()]
    if not candidates:
        entry = Entry(student=student, exercise=exercise.id, deadline=marks.until, possible=exercise.possible)
    else:
        entry = _counting(candidates, marks, policy)
    adjustment, points = _by_hand(entry, marks.points)
    return msgspec.structs.replace(
        entry,
        attempts=len(candidates),
        comment=marks.comment,
        adjustment=adjustment,
        replaced=marks.points is not None and marks.points.kind is ChangeKind.SET,
        points=points,
    )


def _newest_of_attempts(recorded: Sequence[Run]) -> dict[int, Run]:
    """For each attempt the newest run that gave a score, else the newest: a failure of the grader costs nothing."""
    newest: dict[int, Run] = {}
    for run in recorded:
        other = newest.get(run.attempt)
        if other is None or other.earned is None or run.earned is not None:
            newest[run.attempt] = run
    return newest


def _measured(student: Student, exercise: Exercise, run: Run, marks: _Marks, policy: Policy) -> Entry:
    """What one attempt is worth, before anything by hand but the deadline."""
    known = run.handed_in is not None and marks.until is not None
    days = policy.days_late(run.handed_in, marks.until) if run.handed_in and marks.until else 0
    factor = policy.late.factor(days)
    return Entry(
        student=student,
        exercise=exercise.id,
        run=run.id,
        attempt=run.attempt,
        verdict=run.verdict,
        handed_in=run.handed_in,
        deadline=marks.until,
        days_late=days,
        # What the platform says goes by its own deadline: where the times are known, ours decides.
        marked_late=bool(run.marked_late) and not known,
        earned=run.earned,
        factor=factor,
        points=None if run.earned is None else run.earned * factor,
        possible=exercise.possible if run.possible is None else run.possible,
    )


def _counting(candidates: Sequence[Entry], marks: _Marks, policy: Policy) -> Entry:
    chosen = next((entry for entry in candidates if entry.attempt == marks.attempt), None)
    if chosen is not None:
        return chosen
    if policy.attempts is Attempts.LAST:
        return max(candidates, key=lambda entry: (entry.handed_in or _BEFORE_ALL, entry.attempt or 0))
    # Of equal ones the first: it is the least late.
    return max(candidates, key=lambda entry: (-1.0 if entry.points is None else entry.points, -(entry.attempt or 0)))


def _by_hand(entry: Entry, change: Change | None) -> tuple[float | None, float | None]:
    """What an instructor added, and the points that count then."""
    if change is None or not isinstance(change.value, (int, float)):
        return None, entry.points
    value = float(change.value)
    if change.kind is ChangeKind.SET:
        return value - (entry.points or 0.0), value
    if entry.points is None and entry.run is not None:
        return value, None  # ungraded: what will be earned is not known yet, and to count from 0 would be a guess
    return value, max((entry.points or 0.0) + value, 0.0)
