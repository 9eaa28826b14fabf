"""What a request changes: submissions, what would tamper with grading, and the rest. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from grader.course import Course, Exercise
from grader.records import Record

SUFFIXES: Final = (".py", ".ipynb")
_CONFIGURATION: Final = frozenset(
    {
        *("conftest.py", "pytest.ini", "tox.ini", "setup.cfg", "setup.py", "pyproject.toml", "sitecustomize.py"),
        *("usercustomize.py", "noxfile.py", "pip.conf", "uv.toml", ".python-version", "makefile", "dockerfile"),
        *(".gitattributes", ".gitmodules", ".lfsconfig", ".gitconfig", ".mailmap"),
    }
)
"""File names, in lower case, that Python, pytest, pip or git read wherever they stand."""
_WORKFLOWS: Final = (".github", ".gitlab", ".circleci", ".devcontainer")
_WORKFLOW_FILES: Final = frozenset(
    {".gitlab-ci.yml", "action.yml", "action.yaml", "azure-pipelines.yml", "jenkinsfile"}
)


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
    old: str | None
    mode: str


def candidates(exercise: Exercise, course: Course, prefix: str) -> tuple[str, ...]:
    """Where the submission for `exercise` may lie in a repository whose course begins at `prefix`, best first."""
    own = exercise.folder.relative_to(course.folder).as_posix()
    folders = dict.fromkeys((own, f"exercises/{exercise.id}", "exercises", exercise.id, ""))
    return tuple(joined(prefix, folder, f"{exercise.stem}{suffix}") for folder in folders for suffix in SUFFIXES)


def joined(*parts: str) -> str:
    """The parts as one path with slashes; empty ones are left out."""
    return "/".join(part.strip("/") for part in parts if part.strip("/"))


def touched(changes: Iterable[Change], paths: Sequence[str]) -> list[str]:
    """Those of `paths` that a change is about, by their new or old names; a module beside one of them counts for it."""
    names = {name for change in changes for name in (change.path, change.old) if name}
    folders = {str(PurePosixPath(name).parent) for name in names if name.endswith(".py")}
    direct = [path for path in paths if path in names]
    return direct or [path for path in paths if _own_folder(path) in folders]


def _own_folder(path: str) -> str:
    """The folder of a submission where it is the exercise's alone; others hold files of any kind."""
    parent = PurePosixPath(path).parent
    return str(parent) if len(parent.parts) > 1 else ""


def ignored(changes: Iterable[Change], submissions: Iterable[str], course: Course | None, prefix: str) -> list[Ignored]:
    """The changes that are no submission's, with the reason for each; the dangerous ones first."""
    handed_in = set(submissions)
    folders = {str(PurePosixPath(path).parent) for path in handed_in}
    found = []
    for change in changes:
        is_helper = change.path.endswith(".py") and str(PurePosixPath(change.path).parent) in folders
        kind = kind_of(change.path, course, prefix)
        if change.path in handed_in or (is_helper and kind is Kind.OTHER):
            continue
        found.append(Ignored(path=change.path, how=change.how, kind=kind))
    order = list(Kind)
    return sorted(found, key=lambda one: (order.index(one.kind), one.path))


def kind_of(path: str, course: Course | None, prefix: str) -> Kind:
    """What a path in the repository is part of."""
    pure = PurePosixPath(path)
    name = pure.name.casefold()
    if pure.parts[0].casefold() in _WORKFLOWS or path.casefold() in _WORKFLOW_FILES or name in _WORKFLOW_FILES:
        return Kind.WORKFLOW
    if name in _CONFIGURATION or name.endswith((".pth", ".egg-link")):
        return Kind.CONFIGURATION
    if path == joined(prefix, "course.toml") or (course is not None and _is_of_course(path, course, prefix)):
        return Kind.COURSE
    return Kind.GRADER if pure.parts[0] == "grader" else Kind.OTHER


def _is_of_course(path: str, course: Course, prefix: str) -> bool:
    below = path.removeprefix(f"{prefix}/") if prefix else path
    if PurePosixPath(below).parts[0] in {"solutions", "checks", "locale"}:
        return True
    files = [exercise.stub for exercise in course.exercises]
    files += [task for exercise in course.exercises for task in exercise.tasks.values()]
    folders = [exercise.checks.parent for exercise in course.exercises] + list(course.catalogs)
    files += [course.dataset.file] if course.dataset is not None else []
    absolute = course.folder / below
    return absolute in files or any(
        absolute.is_relative_to(folder)
        for folder in folders
        if folder != course.folder and folder.is_relative_to(course.folder)
    )
