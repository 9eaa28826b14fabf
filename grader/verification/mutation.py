"""Grading mutants at the speed of a batch, and telling those that no check caught."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from grader.course import Course, Exercise
from grader.errors import CourseError, InternalError
from grader.language import _
from grader.records import Outcome, Report
from grader.verification.answers import harmless, plain, solution_of
from grader.verification.findings import Mutation, Survivor
from grader.verification.mutants import Mutant, mutants_of
from grader.workers.hiring import Hire
from grader.workers.imports import all_imports, imports_of
from grader.workers.jobs import Job, Source
from grader.workers.settings import Settings

CALL_SECONDS: Final = 3.0
"""For one call of a mutant: enough for Keras on a busy machine, little for a loop that a mutation left without end."""
_TIMES: Final = 5.0
"""How many times as long as the longest call of the solutions a call of a mutant may take at least."""


@dataclass(frozen=True, slots=True)
class MutationRun:
    """What to do: the mutants of each exercise, drawn from all with `seed`."""

    course: Course
    mutants: tuple[tuple[Exercise, Mutant], ...]

    @classmethod
    def of(cls, course: Course, exercises: Sequence[Exercise], most: int, seed: int = 0) -> MutationRun:
        """`most` mutants, or all where there are fewer, by `shares` of the exercises. Raises CourseError."""
        every: list[tuple[Exercise, str, int]] = []
        for exercise in exercises:
            solution = solution_of(course, exercise)
            if solution is None:
                raise CourseError(_("{exercise} has no solution to make mutants of.", exercise=exercise.id))
            source = solution.read_text("utf-8")
            every.append((exercise, source, len(mutants_of(source))))
        chosen: list[tuple[Exercise, Mutant]] = []
        parts = shares(most, [number for _exercise, _source, number in every])
        for (exercise, source, _number), share in zip(every, parts, strict=True):
            chosen += [(exercise, mutant) for mutant in mutants_of(source, most=share, seed=seed)]
        return cls(course, tuple(chosen))


def shares(most: int, numbers: Sequence[int]) -> list[int]:
    """How many of each of `numbers` to take, in their proportion, so that `most` are taken of all, or all there are.

    What division leaves goes to the largest remainders.
    """
    count = sum(numbers)
    if count <= most:
        return list(numbers)
    parts = [most * number // count for number in numbers]
    by_remainder = sorted(range(len(numbers)), key=lambda place: most * numbers[place] % count, reverse=True)
    for place in by_remainder[: most - sum(parts)]:
        parts[place] += 1
    return parts


def run_mutants(
    run: MutationRun,
    hire: Hire,
    *,
    language: str,
    sandbox: Any,
    longest: float = 0.0,
    progress: Callable[[int, int], None],
) -> Mutation:
    """Grade every mutant; `longest` is how many seconds the longest call of a solution took.

    Raises InternalError when the grader fails at one.
    """
    started = time.monotonic()
    settings = Settings(language=language, sandbox=sandbox, time_limit=max(CALL_SECONDS, _TIMES * longest))
    survivors: list[Survivor] = []
    declared = {(one.exercise, one.before, one.after): one.reason for one in harmless(run.course)}
    with contextlib.closing(hire(settings.setup(run.course, _imports(run)))) as workers:
        for done, ended in enumerate(workers.results(_jobs(run), lambda _job: None), 1):
            exercise, mutant = run.mutants[int(ended.key)]
            progress(done, len(run.mutants))
            if ended.report is None:
                if ended.failure == "submission":
                    continue
                raise InternalError(_("A mutant could not be graded: {reason}", reason=ended.reason))
            survivor = _survivor(exercise, mutant, msgspec.json.decode(ended.report, type=Report), declared)
            if survivor is not None:
                survivors.append(survivor)
    return Mutation(
        mutants=len(run.mutants),
        caught=len(run.mutants) - len(survivors),
        seconds=time.monotonic() - started,
        survivors=tuple(sorted(survivors, key=lambda one: (one.exercise, one.line, one.diff))),
    )


def _survivor(
    exercise: Exercise, mutant: Mutant, report: Report, declared: Mapping[tuple[str, str, str], str]
) -> Survivor | None:
    """The mutant as one that no check caught; None where one did."""
    if report.score is not None and report.score.earned < report.score.possible:
        return None
    broken = tuple(check.id for check in report.checks if check.outcome is Outcome.ERRORED)
    reason = declared.get((exercise.id, plain(mutant.before), plain(mutant.after)))
    return Survivor(
        exercise=exercise.id,
        line=mutant.line,
        diff=mutant.diff,
        reason=None if broken else reason,
        broken=broken,
    )


def _imports(run: MutationRun) -> tuple[str, ...]:
    """What the solutions import and their exercises name, to be imported once for all mutants."""
    packages = (package for exercise, _mutant in run.mutants for package in exercise.imports)
    return all_imports(packages, (imports_of(job.source) for job in _jobs(run)))


def _jobs(run: MutationRun) -> Iterator[Job]:
    for number, (exercise, mutant) in enumerate(run.mutants):
        name = f"{exercise.stem}.py"
        source = Source(name=name, content=mutant.source.encode(), helpers={})
        yield Job(key=str(number), exercise=exercise.id, path=name, source=source)
