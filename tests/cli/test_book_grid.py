"""How a cohort's grid shares the width of a page, and the lines that stand for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from rich.cells import cell_len

from grader.cli.book_pages import entries_text
from grader.cli.streams import View
from grader.gradebook import Entry, Student
from grader.language import Translator

SIX = tuple(f"exercise-{number}" for number in range(1, 7))
NAMES = ("김민준", "Ann Elizabeth Montgomery-Lee", "남궁가나다라마바사아자차카", "")


def a_class(ids: Iterable[str], exercises: Sequence[str] = SIX, names: Sequence[str] = NAMES) -> list[Entry]:
    students = [Student(id=id_, name=name) for id_, name in zip(ids, names, strict=False)]
    return [
        Entry(student=student, exercise=exercise, run=1, points=7.25, possible=10.0, adjustment=1.0, marked_late=True)
        for student in students
        for exercise in exercises
    ]


def shown(table: Sequence[Entry], width: int = 80, language: str = "en", *, whole: bool = True) -> list[str]:
    view = View(Translator(language), width, color=False, unicode=True)
    lines = entries_text(table, "text", view, whole=whole, time_zone="UTC").splitlines()
    assert max(map(cell_len, lines)) <= width
    return lines


@pytest.mark.parametrize("language", ["en", "ko"])
def test_heads_are_whole_beside_ids_of_seven_digits(language: str) -> None:
    lines = shown(a_class(["2024101", "2024102"]), language=language)
    assert lines[0].split()[:-1] == list(SIX)
    assert ".." not in "".join(lines)
    assert cell_len(lines[0]) == cell_len(lines[1]) == cell_len(lines[2])


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_heads_are_shortened_by_is_told_and_names_take_the_room(language: str) -> None:
    lines = shown(a_class(["kim@univ.ac.kr", "ann@univ.ac.kr", "x@univ.ac.kr", "n@univ.ac.kr"]), language=language)
    assert lines[0].split()[:-1] == ["..1", "..2", "..3", "..4", "..5", "..6"]
    assert lines[1].startswith("kim@univ.ac.kr  김민준  ")
    assert lines[2].startswith("ann@univ.ac.kr  Ann Eli")
    assert lines[-1].startswith("..")
    assert "exercise-" in lines[-1]
    # Korean letters are two cells wide, and the columns are straight all the same.
    assert len({cell_len(line) for line in lines[:5]}) == 1


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("ids", [("1", "2"), ("가" * 30, "나" * 100), ("a" * 19, "b" * 21)])
def test_no_line_is_wider_than_the_page(ids: Sequence[str], language: str, width: int) -> None:
    assert shown(a_class(ids), width, language)
    assert shown(a_class(ids), width, language, whole=False)


def test_numbers_are_not_taken_apart() -> None:
    lines = shown(a_class(["kim@univ.ac.kr"], [f"assignment-{number}" for number in range(10, 16)]))
    assert lines[0].split()[:2] == ["..10", "..11"]
    assert lines[-1] == ".. stands for assignment-"


def test_heads_with_nothing_in_common_are_cut_but_stay_apart() -> None:
    different = ["linear-regression", "trees-and-forests", "convolution-layers", "attention-heads", "diffusion-models"]
    heads = shown(a_class(["2024101"], different))[0].split()[:-1]
    assert len(set(heads)) == len(different)
    alike = [f"{letter}-very-long-word-{number}" for letter in "ab" for number in range(4)]
    assert "exercise" not in "".join(shown(a_class(["2024101"], alike)))
    assert all(name in "".join(shown(a_class(["2024101"], alike))) for name in alike)


def test_a_line_has_the_name_beside_the_id() -> None:
    lines = shown(a_class(["2024101", "2024102"]), whole=False)
    assert lines[0].startswith("2024101  김민준  exercise-1")
    long = shown(a_class(["2024102"], ["e" * 30], ["남궁가나다라마바사아자차카타파하"]), whole=False)[0]
    assert "2024102  남궁" in long
    assert "…" in long
    assert "e" * 30 in long
