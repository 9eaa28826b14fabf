"""Which course a gradebook is of, so that the points of two are never mixed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, select, update

from grader.course import Course, in_language
from grader.errors import UsageError
from grader.gradebook.opening import Gradebook, reading, writing
from grader.gradebook.tables import COURSES
from grader.gradebook.texts import stored_text
from grader.language import _

_ONLY: Final = 1


def require_course(book: Gradebook, course: Course) -> None:
    """Raise UsageError where the gradebook is of another course; one that knows none yet is anybody's.

    A course is the same while one of its titles is, or the functions of one of its exercises: both may change in the
    middle of a term, but not everything at once.
    """
    with reading(book) as connection:
        _require(connection, book, course)


def keep_course(book: Gradebook, course: Course) -> None:
    """Note that the gradebook is of `course`, as it is now. Raises UsageError where it is of another one."""
    facts = {
        "title": stored_text(json.dumps(course.title, ensure_ascii=False)),
        "exercises": stored_text(json.dumps({exercise.id: list(exercise.functions) for exercise in course.exercises})),
        "folder": stored_text(str(course.folder)),
    }
    with reading(book) as connection:
        if _require(connection, book, course) == tuple(facts.values()):
            return
    with writing(book) as connection:
        if _require(connection, book, course) is None:
            connection.execute(insert(COURSES).values(id=_ONLY, **facts))
        else:
            connection.execute(update(COURSES).where(COURSES.c.id == _ONLY).values(facts))


def course_folder(book: Gradebook) -> Path | None:
    """The folder of the course that the last batch was of, on the machine of that batch; None where it is not noted."""
    with reading(book) as connection:
        folder = connection.execute(select(COURSES.c.folder).where(COURSES.c.id == _ONLY)).scalar()
    return Path(folder) if folder else None


def _require(connection: Connection, book: Gradebook, course: Course) -> tuple[str | None, ...] | None:
    """What is noted; None for nothing."""
    columns = (COURSES.c.title, COURSES.c.exercises, COURSES.c.folder)
    row = connection.execute(select(*columns).where(COURSES.c.id == _ONLY)).first()
    if row is None:
        return None
    titles, exercises = json.loads(row.title), json.loads(row.exercises)
    same_title = any(titles.get(language) == title for language, title in course.title.items())
    if not same_title and all(exercises.get(one.id) != list(one.functions) for one in course.exercises):
        raise UsageError(
            _(
                "The gradebook {name} is of the course {theirs}, and this is {ours}. Name that course's folder with "
                "--course, or another OUT.",
                name=book.name,
                theirs=in_language(titles, "en"),
                ours=in_language(course.title, "en"),
            )
        )
    return tuple(row)
