"""The bytes of submissions: read when a batch begins, for their hashes, and again when they are graded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grader.cohort.choosing import BYTES, HELPERS
from grader.cohort.names import split_suffix
from grader.cohort.records import Cohort, FileEntry, Handed, Problem
from grader.course import Course
from grader.errors import SubmissionError
from grader.submission.files import MODULE_BYTES
from grader.workers.imports import all_imports, imports_of
from grader.workers.jobs import Source


@dataclass(frozen=True, slots=True)
class Seen:
    """A submission that could be read, the hash of all that it consists of, and what is to be imported for it."""

    handed: Handed
    digest: str
    imports: frozenset[str]


@dataclass(frozen=True, slots=True)
class Survey:
    """Every submission of a cohort, read once. None is kept in memory: there may be thousands."""

    seen: tuple[Seen, ...]
    unreadable: tuple[Problem, ...]


def survey(cohort: Cohort) -> Survey:
    """Read every submission of `cohort`."""
    seen: list[Seen] = []
    unreadable: list[Problem] = []
    for one in cohort.handed:
        try:
            source = read_source(one)
        except SubmissionError as error:
            unreadable.append(unread(one, error))
        else:
            seen.append(Seen(one, source.digest(), imports_of(source)))
    return Survey(tuple(seen), tuple(unreadable))


def imports_for(course: Course, seen: Iterable[Seen]) -> tuple[str, ...]:
    """What is imported for all of these submissions: what they import, and what their exercises name."""
    seen = tuple(seen)
    exercises = {one.handed.exercise for one in seen}
    packages = (package for name in exercises for package in course.exercise(name).imports)
    return all_imports(packages, (one.imports for one in seen))


def unread(handed: Handed, error: SubmissionError) -> Problem:
    """What is told of a submission that cannot be read."""
    return Problem(path=handed.path, reason=error.message, student=handed.student.id, exercise=handed.exercise)


def read_source(handed: Handed) -> Source:
    """The bytes of a submission and of those modules beside it whose name stands in it. Raises SubmissionError."""
    content = handed.main.reader(BYTES[split_suffix(handed.main.name)[1]])
    helpers: dict[str, bytes] = {}
    waiting = [content]
    left = {split_suffix(file.name)[0]: file for file in handed.helpers}
    while waiting and left and len(helpers) < HELPERS:
        text = waiting.pop()
        for stem in [stem for stem in left if stem.encode() in text]:
            module = _bytes_of(left.pop(stem))
            if module is not None:
                helpers[f"{stem}.py"] = module
                waiting.append(module)
    return Source(name=handed.main.name, content=content, helpers=helpers)


def _bytes_of(helper: FileEntry) -> bytes | None:
    """None for a module that cannot be read, which is then as if it were not there."""
    try:
        return helper.reader(MODULE_BYTES)
    except SubmissionError:
        return None
