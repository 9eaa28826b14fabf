"""What a batch keeps of the whole cohort."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from grader.batch import Keeper
from grader.gradebook import Gradebook, Policy, Student, enrol
from grader.language import Translator
from tests.gradebook.cohorts import a_course, put
from tests.gradebook.conftest import book, file

__all__ = ["book", "file"]


@pytest.mark.parametrize(
    ("asked", "possible", "columns"),
    [((), "10", ["one"]), (("one",), "10", ["one"]), (("two",), "20", ["one", "two"])],
)
def test_the_index_and_the_points_are_of_the_same_exercises(
    book: Gradebook, tmp_path: Path, asked: tuple[str, ...], possible: str, columns: list[str]
) -> None:
    put(book, earned=8.0)
    Keeper(tmp_path, book, a_course(), Policy(), Translator.english()).finish((), asked)
    with (tmp_path / "grades.csv").open(encoding="utf-8", newline="") as stream:
        header, row = csv.reader(stream)
    assert header[4:-2] == columns
    assert row[-2:] == ["8", possible]
    index = (tmp_path / "index.html").read_text("utf-8")
    assert f"/ {possible}</th>" in index
    assert all((f">{name}</th>" in index) == (name in columns) for name in ("one", "two"))


def test_students_who_all_handed_in_nothing_have_rows(book: Gradebook, tmp_path: Path) -> None:
    enrol(book, [Student(id="ada")])
    Keeper(tmp_path, book, a_course(), Policy(), Translator.english()).finish((), ())
    with (tmp_path / "grades.csv").open(encoding="utf-8", newline="") as stream:
        header, row = csv.reader(stream)
    assert (header[4:-2], row[0]) == (["one", "two"], "ada")
