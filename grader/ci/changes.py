"""What a request changes: submissions, what would tamper with grading, and the rest. Pure."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from grader.course import Course, Exercise
from grader.records import Record
from grader.submission.wording import printable

SUFFIXES: Final = (".py", ".ipynb")
_CONFIGURATION: Final = re.compile(
    r"conftest\.py|(site|user)customize\.py|noxfile\.py|setup\.(py|cfg)|pytest\.(ini|toml)|\.pytest\.(ini|toml)|tox\.ini"
    r"|pyproject\.toml|pip\.conf|uv\.(toml|lock)|poetry\.lock|pipfile(\.lock)?|(dev-)?requirements.*\.(txt|in)"
    r"|environment\.ya?ml|constraints.*\.txt|\.python-version|\.env(rc)?|makefile|dockerfile|.*\.(pth|egg-link)"
    r"|\.git(attributes|modules|config|ignore)|\.lfsconfig|\.mailmap|\.pre-commit-config\.yaml|\.coveragerc"
)
"""File names, folded, that Python, pytest, installers or git read wherever they stand."""
_WORKFLOWS: Final = frozenset({".github", ".gitlab", ".circleci", ".devcontainer", ".husky", ".git"})
_WORKFLOW_FILES: Final = frozenset(
    {".gitlab-ci.yml", "action.yml", "action.yaml", "azure-pipelines.yml", "jenkinsfile", "codeowners"}
)
_COURSE_FOLDERS: Final = frozenset({"solutions", "checks", "locale"})


class Kind(enum.StrEnum):
    """Why a change has no effect on the score."""

    COURSE = "course"
    """the course's own files: course.toml, checks, tasks, solutions, data"""
    GRADER = "grader"
    WORKFLOW = "workflow"
    CONFIGURATION = "configuration"
    OTHER = "other"


class Ignored(Record, frozen=True, kw_only=True):
    """A path that the request changes and that everything is as in the base for. `how` is git's letter."""

    path: str
    how: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Change:
    """A change as git tells it: `how` is A, M, D, R, C or T; `old` is where a renamed file was."""

    how: str
    path: str
    old: str | None = None


@dataclass(frozen=True, slots=True)
class _Places:
    """What of a course is where, folded and relative to the course: single files, and folders with all that is in them.

    `tasks` are the exercises' own folders, in which submissions lie beside what is the course's.
    """

    files: frozenset[str]
    folders: frozenset[str]
    tasks: frozenset[str]

    @classmethod
    def of(cls, course: Course | None) -> _Places:
        if course is None:
            return cls(frozenset({"course.toml"}), _COURSE_FOLDERS, frozenset())
        files = [path for exercise in course.exercises for path in (exercise.stub, *exercise.tasks.values())]
        files += [course.dataset.file] if course.dataset is not None else []
        folders = [*(exercise.checks.parent for exercise in course.exercises), *course.catalogs]
        return cls(
            frozenset({"course.toml", *_below(files, course)}),
            _COURSE_FOLDERS | set(_below(folders, course)),
            frozenset(_below((exercise.folder for exercise in course.exercises), course)),
        )


def _below(paths: Iterable[Path], course: Course) -> Iterator[str]:
    """Those of `paths` that are inside the course and not the course itself."""
    for path in paths:
        if path != course.folder and path.is_relative_to(course.folder):
            yield folded(path.relative_to(course.folder).as_posix())


def folded(path: str) -> str:
    """A path as a file system may read it that tells neither case nor ways to write a letter apart."""
    plain = unicodedata.normalize("NFKC", path).casefold()
    return "".join(character for character in plain if unicodedata.category(character) != "Cf")


def candidates(exercise: Exercise, course: Course, prefix: str) -> tuple[str, ...]:
    """Where the submission for `exercise` may lie in a repository whose course begins at `prefix`, best first."""
    own = exercise.folder.relative_to(course.folder).as_posix()
    folders = dict.fromkeys((own, f"exercises/{exercise.id}", "exercises", exercise.id, ""))
    return tuple(joined(prefix, folder, f"{exercise.stem}{suffix}") for folder in folders for suffix in SUFFIXES)


def joined(*parts: str) -> str:
    """The parts as one path with slashes; empty ones are left out."""
    return "/".join(part.strip("/") for part in parts if part.strip("/"))


def touched(changes: Iterable[Change], paths: Sequence[str], prefix: str) -> list[str]:
    """Those of `paths` that a change is about, by their new or old names; a module beside one of them counts for it.

    `prefix` is where the course begins.
    """
    names = {name for change in changes for name in (change.path, change.old) if name}
    folders = {str(PurePosixPath(name).parent) for name in names if name.endswith(".py")}
    direct = [path for path in paths if path in names]
    return direct or [path for path in paths if _own_folder(path, prefix) in folders]


def _own_folder(path: str, prefix: str) -> str:
    """The folder of a submission where it is the exercise's alone; others hold files of any kind."""
    parent = PurePosixPath(path).parent
    return str(parent) if len(parent.relative_to(prefix).parts) > 1 else ""


def ignored(changes: Iterable[Change], submissions: Iterable[str], course: Course | None, prefix: str) -> list[Ignored]:
    """The changes that are no submission's, with the reason for each; the dangerous ones first.

    A renamed file is two changes: one name is gone, and another is new.
    """
    handed_in = set(submissions)
    beside = {str(PurePosixPath(path).parent) for path in handed_in}
    places = _Places.of(course)
    found = []
    for change in changes:
        moved = change.how == "R" and change.old is not None
        for path, how in ((change.path, "A" if moved else change.how), *([(change.old or "", "D")] if moved else [])):
            if path in handed_in:
                continue
            kind = _kind(path, places, prefix)
            is_module = path.endswith(".py") and str(PurePosixPath(path).parent) in beside
            if kind is Kind.OTHER and is_module:
                continue
            if kind is Kind.OTHER and _is_inside(path, places.tasks, prefix):
                kind = Kind.COURSE
            found.append(Ignored(path=printable(path), how=how, kind=kind))
    order = list(Kind)
    return sorted(found, key=lambda one: (order.index(one.kind), one.path))


def _kind(path: str, places: _Places, prefix: str) -> Kind:
    """What a path in the repository is part of, whatever its case."""
    plain = folded(path)
    parts = PurePosixPath(plain).parts
    if parts[0] in _WORKFLOWS or parts[-1] in _WORKFLOW_FILES:
        return Kind.WORKFLOW
    if _CONFIGURATION.fullmatch(parts[-1]):
        return Kind.CONFIGURATION
    if _within(path, prefix) in places.files or _is_inside(path, places.folders, prefix):
        return Kind.COURSE
    return Kind.GRADER if parts[0] == "grader" else Kind.OTHER


def _is_inside(path: str, folders: Iterable[str], prefix: str) -> bool:
    """Whether a path is one of the course's folders, or in one; a link in the place of a folder is."""
    plain = _within(path, prefix)
    return any(plain == folder or plain.startswith(f"{folder}/") for folder in folders)


def _within(path: str, prefix: str) -> str:
    """A path as the course has it, folded; the empty one for what is no part of its folder."""
    plain, start = folded(path), f"{folded(prefix)}/" if prefix else ""
    return plain.removeprefix(start) if plain.startswith(start) else ""
