"""A course as frozen records, with every path absolute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import msgspec

from grader.errors import UsageError
from grader.language import _, nearest
from grader.records import Limits, Record

Version = TypeVar("Version")


_CODE: Final = frozenset({".py", ".ipynb", ".pyc"})
"""Code beside a stub: somebody's submission, which is nobody else's business."""


class Exercise(Record, frozen=True, kw_only=True):
    """One task with its stub, its checks and its points.

    `title` and `tasks` are keyed by language; `points` by function, in the order in which a student meets them.
    """

    id: str
    stem: str
    title: dict[str, str]
    points: dict[str, float]
    folder: Path
    stub: Path
    tasks: dict[str, Path]
    checks: Path
    imports: tuple[str, ...]
    """packages that a submission is given objects of, whether or not it imports them"""
    limits: Limits

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that a submission defines, in order."""
        return tuple(self.points)

    @property
    def handouts(self) -> tuple[Path, ...]:
        """What students get: the stub, the tasks, and what else is in the folder, such as pictures, but no code."""
        others = [
            file
            for file in sorted(self.folder.rglob("*"))
            if file.is_file() and file.suffix not in _CODE and not _is_hidden(file.relative_to(self.folder))
        ]
        return tuple(dict.fromkeys((self.stub, *self.tasks.values(), *others)))

    @property
    def possible(self) -> float:
        """The points that the whole exercise gives."""
        return sum(self.points.values())

    def limits_with(self, call_seconds: float | None) -> Limits:
        """Its limits, with the caller's own time limit for each call, in seconds, in place of its if there is one."""
        if call_seconds is None:
            return self.limits
        return msgspec.structs.replace(self.limits, call_seconds=call_seconds)


class Dataset(Record, frozen=True, kw_only=True):
    """The course's images: the file, the SHA-256 of its bytes in hexadecimal, and the part held out for validation."""

    file: Path
    sha256: str
    validation_fraction: float
    seed: int
    classes: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """the names of the classes by language, in the order of their numbers; empty where the course has none"""


class Notebooks(Record, frozen=True, kw_only=True):
    """The exercises as notebooks: the folder, how to install the grader in a notebook, and the badge's address.

    `colab` is an address with the places `{language}` and `{file}`; without one there are no badges.
    """

    folder: Path
    install: str | None
    colab: str | None


class Showing(Record, frozen=True, kw_only=True):
    """What a student is shown of hidden checks until `until`, or for ever without it.

    `title` is the title alone, `outcome` the title and how the check ended, `message` all of the feedback.
    """

    hidden: Literal["title", "outcome", "message"] = "message"
    until: datetime | None = None


class Course(Record, frozen=True, kw_only=True):
    """A folder of exercises, in order. `catalogs` are folders in gettext's layout, for the checks' own sentences."""

    folder: Path
    title: dict[str, str]
    languages: tuple[str, ...]
    exercises: tuple[Exercise, ...]
    dataset: Dataset | None
    catalogs: tuple[Path, ...]
    seed: int
    notebooks: Notebooks | None = None
    language: str | None = None
    """the one to speak where neither the user nor the locale says which"""
    hints_after: tuple[int, ...] = ()
    """for each step of help, after how many runs of a changed file it opens; steps beyond these as the last of them"""
    showing: Showing = Showing()
    solutions: Path | None = None
    """holds the solution of each exercise, `<exercise>/<stem>.py`"""
    wrong: Path | None = None
    """holds wrong answers to each exercise, `<exercise>/<name>.py`, which prove its checks"""
    policies: dict[str, Any] = msgspec.field(default_factory=dict)
    """`attempts`, `deadlines` and `late` as they stand in the file; read by the gradebook"""

    def exercise(self, id: str) -> Exercise:  # noqa: A002 - the word of the glossary, and of the schema
        """The exercise of this id.

        Raises UsageError, with the nearest id there is, when the course has no such exercise.
        """
        for exercise in self.exercises:
            if exercise.id == id:
                return exercise
        known = [exercise.id for exercise in self.exercises]
        there_are = ", ".join(known)
        meant = _meant(id, known)
        if meant is None:
            raise UsageError(_("There is no exercise {id}. This course has {known}.", id=id, known=there_are))
        raise UsageError(
            _(
                "There is no exercise {id}; did you mean {nearest}? This course has {known}.",
                id=id,
                nearest=meant,
                known=there_are,
            )
        )


def in_language(versions: Mapping[str, Version], language: str) -> Version:
    """The version for `language`, else the first one there is: a course's first language is its fullest."""
    return versions[language] if language in versions else next(iter(versions.values()))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.parts)


def _meant(word: str, known: Sequence[str]) -> str | None:
    folder = word.strip().rstrip("/\\")  # a shell completes the names of folders: exercises/exercise-1/
    plain = folder.replace("\\", "/").rpartition("/")[2].lower().replace("_", "-")
    by_ending = [name for name in known if name == plain or (plain and name.endswith(f"-{plain}"))]
    return by_ending[0] if by_ending else nearest(plain, known)
