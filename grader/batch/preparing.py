"""What a batch has to do: which submissions are graded already, which are the same, and what all of them import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec

from grader.batch.jobs import Source, read_source
from grader.batch.records import Cohort, Handed, Problem
from grader.course import Course, Exercise
from grader.errors import SubmissionError
from grader.gradebook import Gradebook, Handing, Run, exercise_fingerprint, run_fingerprint, runs, stored_id
from grader.records import Limits, Record, Verdict

Sandbox = Literal["auto", "required", "off"]
_MODULES: Final = {
    "keras": ("keras", "tensorflow"),
    "matplotlib": ("matplotlib", "matplotlib.pyplot"),
    "numpy": ("numpy",),
    "pandas": ("pandas",),
    "scipy": ("scipy",),
    "sklearn": ("sklearn", "sklearn.model_selection"),
    "tensorflow": ("keras", "tensorflow"),
}
"""What is imported for all where a submission imports a package. No submission chooses a module beyond these."""
_IMPORTS: Final = re.compile(rf"\b(?:import|from)\s+({'|'.join(_MODULES)})\b".encode())


class Settings(Record, frozen=True, kw_only=True):
    """How a batch grades. `time_limit` is seconds for each call; `regrade` grades again what nothing has changed of."""

    language: str
    sandbox: Sandbox = "required"
    time_limit: float | None = None
    regrade: bool = False
    fail_fast: bool = False


@dataclass(slots=True)
class Task:
    """Equal submissions for one exercise, of one student or several, which are graded once."""

    exercise: str
    digest: str
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


def limits_of(exercise: Exercise, settings: Settings) -> Limits:
    """The exercise's limits, with the caller's own time limit in place of its."""
    if settings.time_limit is None:
        return exercise.limits
    return msgspec.structs.replace(exercise.limits, call_seconds=settings.time_limit)


def prepare(course: Course, cohort: Cohort, settings: Settings, book: Gradebook | None) -> Plan:
    """The plan for `cohort`, by what `book` has of it; None is an empty one.

    A run stands while the submission, the modules beside it, the exercise's checks, limits, versions, language and
    way to confine are the same, and while the grader did not fail at it. Raises UsageError where the gradebook cannot
    be read.
    """
    exercises = {exercise.id: exercise for exercise in course.exercises}
    wanted = {one.exercise for one in cohort.handed}
    shared = {
        name: exercise_fingerprint(
            course, exercises[name], limits=limits_of(exercises[name], settings), language=settings.language
        )
        for name in wanted
    }
    newest = _newest(runs(book)) if book is not None and not settings.regrade else {}
    tasks: dict[tuple[str, str], Task] = {}
    kept: list[Handed] = []
    handings: list[Handing] = []
    unreadable: list[Problem] = []
    imports = {"numpy", *(module for name in wanted for module in modules_of(exercises[name].imports))}
    for one in cohort.handed:
        try:
            source = read_source(one)
        except SubmissionError as error:
            unreadable.append(unread(one, error))
            continue
        digest = source.digest()
        fingerprint = run_fingerprint(f"{digest} {settings.sandbox}", shared[one.exercise])
        run = newest.get((stored_id(one.student.id), one.exercise))
        if run is not None and run.fingerprint == fingerprint and run.verdict is not Verdict.UNGRADED:
            kept.append(one)
            handings.append(Handing(run=run, handed_in=one.handed_in, marked_late=one.late))
            continue
        imports |= imports_of(source)
        task = tasks.setdefault((one.exercise, digest), Task(one.exercise, digest, fingerprint))
        task.handed.append(one)
    return Plan(tuple(tasks.values()), tuple(kept), tuple(handings), tuple(unreadable), tuple(sorted(imports)))


def unread(handed: Handed, error: SubmissionError) -> Problem:
    """What is told of a submission that cannot be read."""
    return Problem(path=handed.path, reason=error.message, student=handed.student.id, exercise=handed.exercise)


def imports_of(source: Source) -> set[str]:
    """The modules to import for a submission before it is loaded, by a look at its text."""
    found = {match.decode() for text in (source.content, *source.helpers.values()) for match in _IMPORTS.findall(text)}
    return set(modules_of(found))


def modules_of(names: Iterable[str]) -> Iterable[str]:
    """The modules to import for packages; none for a package that is not known here."""
    return (module for name in names for module in _MODULES.get(name.partition(".")[0], ()))


def _newest(recorded: Iterable[Run]) -> Mapping[tuple[str, str], Run]:
    """The run that was recorded last of each student and exercise."""
    return {(run.student, run.exercise): run for run in recorded}
