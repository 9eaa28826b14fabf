from __future__ import annotations

import ast

import pytest

from grader.course import builtin_folder, read_course
from grader.verification import mutants_of
from grader.verification.answers import solution_of
from grader.verification.mutation import MutationRun, shares

SOURCE = '''
def scale(images, largest=255):
    """Docstring with 1 + 1."""
    images = images.astype("float32")
    total = images.sum(axis=0)
    return images / largest
'''


def changes(source: str) -> set[tuple[str, str]]:
    return {(mutant.before.strip(), mutant.after.strip()) for mutant in mutants_of(source)}


def test_every_mutant_parses_differs_and_is_there_once() -> None:
    mutants = mutants_of(SOURCE)
    texts = [mutant.source for mutant in mutants]
    assert len(texts) == len(set(texts)) > 10
    original = ast.dump(ast.parse(SOURCE))
    assert all(ast.dump(ast.parse(text)) != original for text in texts)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return images / largest", "return images * largest"),
        ("return images / largest", "images / largest"),
        ("return images / largest", "images /= largest\n    return images"),
        ("total = images.sum(axis=0)", "total = images.sum(axis=1)"),
        ("total = images.sum(axis=0)", "total = images.sum()"),
        ("return images / largest", "return largest / largest"),
        ("total = images.sum(axis=0)", "total = images.mean(axis=0)"),
        ("def scale(images, largest=255):", "def scale(images, largest=256):"),
    ],
)
def test_mutants_are_mistakes_that_students_make(before: str, after: str) -> None:
    assert (before, after) in changes(SOURCE)


@pytest.mark.parametrize(
    ("source", "before", "after"),
    [
        ("SIZE = 28\n\n\ndef f(a):\n    return a\n", "SIZE = 28", "SIZE = 29"),
        ("def f(a):\n    a += 1\n    return a\n", "a += 1", "a -= 1"),
        (
            "def f(a):\n    return np.maximum(0, a)\n",
            "return np.maximum(0, a)",
            "a[...] = np.maximum(0, a)\n    return a",
        ),
        ("def f(a):\n    with g(1) as b:\n        return b\n", "with g(1) as b:", "with g(2) as b:"),
        ("def f(a):\n    try:\n        g()\n    finally:\n        h(1)\n", "h(1)", "h(2)"),
        ("def f(a):\n    try:\n        g()\n    except E:\n        return 1\n", "return 1", "return 2"),
    ],
)
def test_changes_reach_every_part_of_a_solution(source: str, before: str, after: str) -> None:
    assert (before, after) in changes(source)


def test_arguments_whose_order_does_not_matter_are_not_swapped() -> None:
    found = changes("def f(a, b):\n    return np.maximum(a, b) - np.subtract(a, b)\n")
    line = "return np.maximum(a, b) - np.subtract(a, b)"
    assert (line, "return np.maximum(b, a) - np.subtract(a, b)") not in found
    assert (line, "return np.maximum(a, b) - np.subtract(b, a)") in found


def test_docstrings_are_left_alone() -> None:
    assert all('"""Docstring with 1 + 1."""' in mutant.source for mutant in mutants_of(SOURCE))


def test_the_same_seed_draws_the_same_mutants() -> None:
    assert mutants_of(SOURCE, most=5, seed=1) == mutants_of(SOURCE, most=5, seed=1)
    assert len(mutants_of(SOURCE, most=5, seed=1)) == 5


def test_a_diff_shows_the_change_alone() -> None:
    mutant = next(one for one in mutants_of(SOURCE) if one.after.strip() == "return images * largest")
    assert "-    return images / largest" in mutant.diff
    assert "+    return images * largest" in mutant.diff
    assert "astype" not in mutant.diff


def test_the_built_in_course_has_five_hundred_mutants() -> None:
    course = read_course(builtin_folder())
    files = [solution_of(course, exercise) for exercise in course.exercises]
    assert sum(len(mutants_of(file.read_text("utf-8"))) for file in files if file is not None) >= 500


@pytest.mark.parametrize(
    ("most", "numbers", "parts"),
    [
        (1, [10, 10, 10], [1, 0, 0]),
        (2, [10, 10, 10], [1, 1, 0]),
        (2, [10, 10, 80], [0, 0, 2]),
        (7, [1, 1, 100], [0, 0, 7]),
        (5, [3, 0, 4], [2, 0, 3]),
        (7, [3, 0, 4], [3, 0, 4]),
        (9, [3, 0, 4], [3, 0, 4]),
    ],
)
def test_as_many_mutants_are_taken_as_were_asked_for(most: int, numbers: list[int], parts: list[int]) -> None:
    assert shares(most, numbers) == parts


@pytest.mark.parametrize("most", [1, 2, 5])
def test_a_run_has_as_many_mutants_as_were_asked_for(most: int) -> None:
    course = read_course(builtin_folder())
    assert len(MutationRun.of(course, course.exercises[2:5], most).mutants) == most
