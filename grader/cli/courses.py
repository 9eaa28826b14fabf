"""The course that a command is about, and where in the current folder its submissions are."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from grader.cli.languages import choose_language
from grader.course import Course, Exercise, find_course
from grader.language import PROGRAM_CATALOGS, Translator


def open_course(given: Path | None, language: str | None) -> tuple[Course, Translator]:
    """The course that is meant, and a translator for the language that was asked for, the locale's, or the course's.

    Raises CourseError if the course cannot be read, and UsageError for a language that it does not have.
    """
    course = find_course(Path.cwd(), given)
    chosen = choose_language(language, course.languages, os.environ, otherwise=course.language)
    return course, Translator(chosen, (PROGRAM_CATALOGS, *course.catalogs))


def submission_folders(course: Course, exercises: Iterable[Exercise], root: Path, *, named: bool) -> tuple[Path, ...]:
    """Where submissions for `exercises` are looked for, best first.

    In the course's own folders where `root` is inside the course, then in the layouts of a student's own copy under
    `root`; and at last in the course's own folders where it was `named` in the command.
    """
    exercises = tuple(exercises)
    own = tuple(from_here(exercise.folder) for exercise in exercises)
    inside = root.absolute().is_relative_to(course.folder)
    layouts = tuple(
        folder for exercise in exercises for folder in (root / "exercises" / exercise.id, root / exercise.id)
    )
    return (*(own if inside else ()), *layouts, root / "exercises", root, *(own if named and not inside else ()))


def from_here(path: Path) -> Path:
    """`path` as it would be typed: relative where it is inside the current folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
