"""The bytes of submissions: read when a batch begins, for their hashes, and again when they are graded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from grader.cohort.choosing import BYTES
from grader.cohort.names import split_suffix
from grader.cohort.records import Cohort, FileEntry, Handed, Problem
from grader.course import Course
from grader.errors import SubmissionError
from grader.submission.files import MODULE_BYTES
from grader.submission.measuring import heaped_marks
from grader.submission.siblings import HELPERS
from grader.workers.imports import all_imports, imports_of
from grader.workers.jobs import Source

_MOST: Final = HELPERS + 1
"""One more than is graded with: its report then says that there are too many."""
_NAME_BYTES: Final = 200
"""of a module's name; file systems take 255, with the suffix"""
_ESCAPED: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)")
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Seen:
    """A submission that could be read, the hash of all that its report depends on, and what is imported for it.

    `identity` tells its attempts apart.
    """

    handed: Handed
    digest: str
    identity: str
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
            seen.append(Seen(one, source.digest(), source.identity(), imports_of(source)))
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
    left = {stem: file for file in handed.helpers if (stem := _importable(file))}
    while waiting and left:
        for stem in _mentioned(waiting.pop(), left):
            if len(helpers) == _MOST:
                return Source(name=handed.main.name, content=content, helpers=helpers)
            module = _bytes_of(left.pop(stem))
            if module is not None:
                helpers[f"{stem}.py"] = module
                waiting.append(module)
    return Source(name=handed.main.name, content=content, helpers=helpers)


def _importable(helper: FileEntry) -> str:
    """The name by which Python imports a module; empty where it imports none of that name."""
    stem = unicodedata.normalize("NFKC", split_suffix(helper.name)[0])
    return stem if stem.isidentifier() and len(stem.encode()) <= _NAME_BYTES else ""


def _mentioned(content: bytes, names: Collection[str]) -> list[str]:
    """Those of `names` that stand in a module, or in a notebook, whose JSON may write a letter as an escape."""
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", content.decode("utf-8", "replace"))
    # Marks heaped on one letter would take minutes, and stand in no name.
    if not all(name.isascii() for name in names) and heaped_marks(text) is None:
        text = unicodedata.normalize("NFKC", text)
    words = (found[0] for found in _WORD.finditer(text))
    return list(dict.fromkeys(word for word in words if word in names))


def _bytes_of(helper: FileEntry) -> bytes | None:
    """None for a module that cannot be read, which is then as if it were not there."""
    try:
        return helper.reader(MODULE_BYTES)
    except SubmissionError:
        return None
