"""A gradebook knows its course, and takes no other one's runs."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from grader.course import Course
from grader.errors import UsageError
from grader.gradebook import Gradebook, keep_course, open_gradebook, require_course
from tests.gradebook.cohorts import a_course


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def book(request: pytest.FixtureRequest) -> Iterator[Gradebook]:
    where = request.getfixturevalue("file" if request.param == "sqlite" else "address")
    with open_gradebook(where) as opened:
        yield opened


def changed(course: Course, *, title: str | None = None, functions: bool = False) -> Course:
    """`course` with another title, or with exercises that ask for other functions."""
    if title is not None:
        course = msgspec.structs.replace(course, title={"en": title})
    if functions:
        exercises = tuple(msgspec.structs.replace(one, points={"another": one.possible}) for one in course.exercises)
        course = msgspec.structs.replace(course, exercises=exercises)
    return course


def test_a_gradebook_that_knows_no_course_is_anybodys(book: Gradebook) -> None:
    require_course(book, a_course())


@pytest.mark.parametrize(("title", "functions"), [(None, False), ("Renamed", False), (None, True)])
def test_a_course_may_change_in_the_middle_of_a_term(
    book: Gradebook,
    title: str | None,
    functions: bool,  # noqa: FBT001
) -> None:
    keep_course(book, a_course())
    now = changed(a_course(), title=title, functions=functions)
    keep_course(book, now)
    require_course(book, now)
    # What is noted is the course as it is now.
    later = changed(now, title="Renamed again")
    require_course(book, later)


def test_another_course_is_refused_with_both_names(book: Gradebook) -> None:
    keep_course(book, a_course())
    other = changed(a_course(), title="Another", functions=True)
    for action in (require_course, keep_course):
        with pytest.raises(UsageError, match=r"Another.*--course"):
            action(book, other)
    require_course(book, a_course())
