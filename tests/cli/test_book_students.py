"""Whom `--student` means."""

from __future__ import annotations

import unicodedata

import pytest

from grader.cli.book_students import student_meant
from grader.errors import UsageError
from grader.gradebook import Student

CLASS = (
    Student(id="7001", name="김민준", email="Kim@univ.ac.kr"),
    Student(id="7002", name="Ann Lee", email="ann@univ.ac.kr"),
    Student(id="7003", name="ann lee", email="lee@univ.ac.kr"),
    Student(id="7004"),
    Student(id="ben", name="7001"),
    Student(id="dan", name="dan@x", email="dan@x"),
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7002", "7002"),
        ("7001", "7001"),  # though it is also a name
        ("kim@UNIV.ac.kr", "7001"),
        ("김민준", "7001"),
        (unicodedata.normalize("NFD", "김민준"), "7001"),
        ("ANN@univ.ac.kr", "7002"),
        ("dan@x", "dan"),  # once by name and once by address is still one
    ],
)
def test_an_id_an_address_or_a_name_means_a_student(typed: str, meant: str) -> None:
    assert student_meant(CLASS, typed).id == meant


def test_a_name_of_several_is_refused_with_their_ids() -> None:
    with pytest.raises(UsageError, match="give an id: 7002, 7003"):
        student_meant(CLASS, "Ann  Lee")


@pytest.mark.parametrize("typed", ["", " ", "eve", "Ann", "BEN"])
def test_what_nobody_is_called_is_refused(typed: str) -> None:
    """An empty word is no name of those without one, and ids are told apart by case, as they always were."""
    with pytest.raises(UsageError, match="has no student"):
        student_meant(CLASS, typed)
