"""Which course is meant: the one that was given, the one around the current folder, or the built-in one."""

from __future__ import annotations

from pathlib import Path

from grader.course.reading import COURSE_FILE, PACKAGE_FOLDER, read_course
from grader.course.records import Course


def find_course(start: Path, given: Path | None) -> Course:
    """The course in `given`, else in `start` or the nearest folder above it, else the built-in one.

    Raises CourseError when that course cannot be read.
    """
    if given is not None:
        return read_course(given)
    start = start.absolute()
    folder = next((folder for folder in (start, *start.parents) if (folder / COURSE_FILE).is_file()), builtin_folder())
    return read_course(folder)


def builtin_folder() -> Path:
    """The folder of the built-in course: the repository's root in a clone, else the copy inside the package."""
    clone = PACKAGE_FOLDER.parent
    # A site-packages folder is nobody's course, whatever another distribution may have left in it.
    is_clone = (clone / COURSE_FILE).is_file() and (clone / "pyproject.toml").is_file()
    return clone if is_clone else PACKAGE_FOLDER / "course_files"
