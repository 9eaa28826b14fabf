"""The course that a command is about, and where in the current folder its submissions are."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.languages import choose_language
from grader.cli.streams import say
from grader.course import COURSE_FILE, Course, Exercise, find_course
from grader.errors import UsageError
from grader.language import PROGRAM_CATALOGS, Translator, _
from grader.submission.wording import printable

if TYPE_CHECKING:
    from grader.gradebook import Gradebook


def open_course(given: Path | None, language: str | None) -> tuple[Course, Translator]:
    """The course that is meant, and a translator for the language that was asked for, the locale's, or the course's.

    Raises CourseError if the course cannot be read, and UsageError for a language that it does not have.
    """
    course = find_course(Path.cwd(), given)
    chosen = choose_language(language, course.languages, os.environ, otherwise=course.language)
    return course, Translator(chosen, (PROGRAM_CATALOGS, *course.catalogs))


def open_book_course(book: Gradebook, given: Path | None, language: str | None) -> tuple[Course, Translator]:
    """The course that a gradebook is of: the one that was given, else that of the last batch, and its translator.

    Where that one is not there any more, as on another machine, it is the one that `open_course` finds, and a line on
    standard error says so: deadlines and late policies are a course's. Raises UsageError where that is another course.
    """
    from grader.gradebook import course_folder, require_course  # noqa: PLC0415 - help does not wait for it

    last = None if given is not None else course_folder(book)
    is_there = last is not None and (last / COURSE_FILE).is_file()
    course, translator = open_course(last if is_there else given, language)
    require_course(book, course)
    if last is not None and not is_there:
        sentence = _(
            "The last batch was of the course in {folder}, which is not here; deadlines and points are now those of "
            "{other}. --course names another.",
            folder=printable(str(last)),
            other=printable(str(course.folder)),
        )
        say(f"grade: {translator.render(sentence)}")
    return course, translator


def require_book_course(book: Gradebook, course: Course, *, named: bool) -> None:
    """Raise UsageError where the gradebook is of another course, or of one in another folder and this was not `named`.

    A copy of a course may have other checks, deadlines and points, and is not to be taken for it by mistake.
    """
    from grader.gradebook import course_folder, require_course  # noqa: PLC0415 - help does not wait for it

    require_course(book, course)
    last = None if named else course_folder(book)
    if last is not None and last != course.folder and (last / COURSE_FILE).is_file():
        raise UsageError(
            _(
                "The last batch was of the course in {folder}, and this would be of the one in {other}. Say which with "
                "--course.",
                folder=printable(str(last)),
                other=printable(str(course.folder)),
            )
        )


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
