"""What a folder of submissions holds: whose they are, which file counts for which exercise, and what was left out."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from grader.errors import SubmissionError
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


class Ids(enum.Enum):
    """What a layout calls students by."""

    ANY = "any"
    """an id, an address or a name, whatever the folder is called"""
    NUMBERS = "numbers"
    """a number that a platform made, and no student's"""
    ACCOUNTS = "accounts"
    """an account whose name its owner has chosen"""


class Owner(Record, frozen=True, kw_only=True):
    """A student, as the layout or the roster knows them. Fields that are not known are empty.

    `login` is another name of a platform's, such as that of an account of GitHub. `participant` is the number that
    Moodle gives them in one assignment, where the roster has it.
    """

    id: str
    name: str = ""
    email: str = ""
    section: str = ""
    login: str = ""
    participant: str = ""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a folder or an archive, not read yet.

    `parts` are the names from the top down to the file's own, in Unicode's composed form; the last is empty for a
    folder or an archive of which there is nothing else. `modified` is a time in seconds since 1970, 0 where none is
    known. `reader` gives at most so many bytes, and raises SubmissionError for a file that has more. `origin` is the
    way to it as it was found, where `parts` begin further down. `refused` is why it is not read, and `late` what the
    platform says, where it says anything.
    """

    parts: tuple[str, ...]
    modified: float
    reader: Callable[[int], bytes]
    origin: str = ""
    refused: Text | str | None = None
    late: bool | None = None

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
        return replace(self, parts=parts, origin=self.origin or self.path)


def not_read(parts: tuple[str, ...], reason: Text | str) -> FileEntry:
    """An entry for what is there and is not read, for this reason."""

    def refuse(_limit: int) -> bytes:
        raise SubmissionError(reason)

    return FileEntry(parts, 0.0, refuse, refused=reason)


class Problem(Record, frozen=True, kw_only=True):
    """Something that is told of a path: why it is not graded, or what was assumed where it is."""

    path: str
    reason: Text | str
    student: str = ""
    exercise: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """Every file below a folder or in an archive, and what is to be told at once."""

    name: str
    files: tuple[FileEntry, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one student, or a group of them, handed in together; `files` have their parts below it.

    `exercise` is the one that the layout names; `attempt` counts resubmissions from 0; `handed_in` is aware. A
    `doubtful` one is a submission only if the roster knows its owner; `ids` says what its owners' ids are, and
    `guessed` are the students who are only nearly called as it says.
    """

    owners: tuple[Owner, ...]
    path: str
    files: tuple[FileEntry, ...]
    exercise: str | None = None
    attempt: int = 0
    handed_in: datetime | None = None
    doubtful: bool = False
    ids: Ids = Ids.ANY
    guessed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Handed:
    """The one submission that counts of a student for an exercise. `helpers` are modules that it may import.

    `late` is what the platform says, None where it says nothing; `guessed` says that the student is only nearly called
    as the file says.
    """

    student: Owner
    exercise: str
    path: str
    main: FileEntry
    helpers: tuple[FileEntry, ...] = ()
    attempt: int = 0
    late: bool | None = None
    handed_in: datetime | None = None
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Cohort:
    """What was found: submissions to grade by student and exercise, and everything that is no such thing.

    `unreadable` are submissions that cannot be graded; `notices` say what was left out or assumed; `missing` are
    students of the roster who handed in nothing; `strangers` are those who are not on it. `exercises` are the ids of
    those that were named, if any were. A `narrowed` one is of some students only.
    """

    layout: Layout
    exercises: tuple[str, ...]
    handed: tuple[Handed, ...]
    students: tuple[Owner, ...]
    unreadable: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()
    missing: tuple[Owner, ...] = ()
    strangers: tuple[Owner, ...] = ()
    narrowed: bool = False
