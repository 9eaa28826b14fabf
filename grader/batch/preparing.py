"""What a batch has to do: which submissions are graded already, which are the same, and what all of them import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grader.cohort.records import Handed, Problem
from grader.cohort.sources import Seen, Survey, imports_for
from grader.course import Course
from grader.gradebook import Gradebook, Handing, Run, exercise_fingerprint, run_fingerprint, runs, stored_id
from grader.records import Verdict
from grader.workers.settings import Settings


@dataclass(slots=True)
class Task:
    """Equal submissions for one exercise, of one student or several, which are graded once."""

    exercise: str
    digest: str
    identity: str
    fingerprint: str
    handed: list[Handed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to do and what is not. `imports` is what is imported for all.

    `kept` are submissions whose run stands, and `handings` what the layout tells of when they were handed in.
    """

    tasks: tuple[Task, ...]
    kept: tuple[Handed, ...]
    handings: tuple[Handing, ...]
    unreadable: tuple[Problem, ...]
    imports: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many submissions are to be graded."""
        return sum(len(task.handed) for task in self.tasks)

    @property
    def same(self) -> int:
        """How many of them are equal to another, and not graded by themselves."""
        return self.count - len(self.tasks)


def prepare(course: Course, found: Survey, settings: Settings, book: Gradebook | None) -> Plan:
    """The plan for what was found, by what `book` has of it; None is an empty one.

    A run stands while the submission, the modules beside it, the exercise's checks, limits, versions, language and
    way to confine are the same, and while the grader did not fail at it. Raises UsageError where the gradebook cannot
    be read.
    """
    exercises = {exercise.id: exercise for exercise in course.exercises}
    shared = {
        name: exercise_fingerprint(
            course,
            exercises[name],
            limits=exercises[name].limits_with(settings.time_limit),
            language=settings.language,
        )
        for name in {one.handed.exercise for one in found.seen}
    }
    newest = _newest(runs(book)) if book is not None and not settings.regrade else {}
    tasks: dict[tuple[str, str], Task] = {}
    kept: list[Handed] = []
    handings: list[Handing] = []
    graded: list[Seen] = []
    for one in found.seen:
        handed = one.handed
        fingerprint = run_fingerprint(one.digest, settings.sandbox, shared[handed.exercise])
        run = newest.get((stored_id(handed.student.id), handed.exercise))
        if run is not None and run.fingerprint == fingerprint and run.verdict is not Verdict.UNGRADED:
            kept.append(handed)
            handings.append(Handing(run=run, handed_in=handed.handed_in, marked_late=handed.late))
            continue
        graded.append(one)
        task = tasks.setdefault(
            (handed.exercise, one.digest), Task(handed.exercise, one.digest, one.identity, fingerprint)
        )
        task.handed.append(handed)
    return Plan(tuple(tasks.values()), tuple(kept), tuple(handings), found.unreadable, imports_for(course, graded))


def _newest(recorded: Iterable[Run]) -> Mapping[tuple[str, str], Run]:
    """The run that was recorded last of each student and exercise."""
    return {(run.student, run.exercise): run for run in recorded}
