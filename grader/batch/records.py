"""What a folder of submissions holds: whose they are, which file counts for which exercise, and what was left out."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from grader.language import Text
from grader.records import Record


class Layout(enum.StrEnum):
    """How a folder of submissions is arranged."""

    STUDENTS = "students"
    NBGRADER = "nbgrader"
    MOODLE = "moodle"
    CANVAS = "canvas"
    GRADESCOPE = "gradescope"
    CLASSROOM = "classroom"


class Owner(Record, frozen=True, kw_only=True):
    """A student, as the layout or the roster knows them. Fields that are not known are empty."""

    id: str
    name: str = ""
    email: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a folder or an archive, not read yet.

    `parts` are the names from the top down to the file's own; `modified` is a time in seconds since 1970, 0 where
    none is known. `reader` gives at most so many bytes, and raises SubmissionError for a file that has more. `origin`
    is the way to it as it was found, where `parts` begin further down.
    """

    parts: tuple[str, ...]
    modified: float
    reader: Callable[[int], bytes]
    origin: str = ""

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.parts[-1]

    @property
    def path(self) -> str:
        """The way to it from the top, with slashes."""
        return "/".join(self.parts)

    def moved(self, parts: tuple[str, ...]) -> FileEntry:
        """The same file with other parts."""
        return FileEntry(parts, self.modified, self.reader, self.origin or self.path)


class Problem(Record, frozen=True, kw_only=True):
    """Something that is told of a path: why it is not graded, or what was assumed where it is."""

    path: str
    reason: Text | str
    student: str = ""
    exercise: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """Every file below a folder or in an archive that may be of use, and what was refused at once."""

    name: str
    files: tuple[FileEntry, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one student, or a group of them, handed in together; `files` have their parts below it.

    `exercise` is the one that the layout names; `attempt` counts resubmissions from 0; `handed_in` is aware.
    """

    owners: tuple[Owner, ...]
    path: str
    files: tuple[FileEntry, ...]
    exercise: str | None = None
    attempt: int = 0
    late: bool = False
    handed_in: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """The one submission that counts of a student for an exercise. `helpers` are modules that it may import."""

    student: Owner
    exercise: str
    path: str
    main: FileEntry
    helpers: tuple[FileEntry, ...] = ()
    attempt: int = 0
    late: bool = False
    handed_in: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cohort:
    """What was found: submissions to grade by student and exercise, and everything that is no such thing.

    `unreadable` are submissions that cannot be graded; `notices` say what was left out or assumed; `missing` are
    students of the roster who handed in nothing; `strangers` are those who are not on it.
    """

    layout: Layout
    handed: tuple[Handed, ...]
    students: tuple[Owner, ...]
    unreadable: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()
    missing: tuple[Owner, ...] = ()
    strangers: tuple[Owner, ...] = ()
