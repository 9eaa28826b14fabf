from __future__ import annotations

import pytest

from grader.errors import CourseError
from grader.verification.answers import harmless, plain, solution_of, wrong_answers
from tests.verification.conftest import Spoiled

WRONG = "checks/wrong/exercise-1/another.py"


def test_a_wrong_answer_says_which_checks_fail_and_which_words_stand_there(spoiled: Spoiled) -> None:
    spoiled.add(WRONG, "# fails: test_a, test_b\n# says: one thing\n# says: another\n# note: seen often\n")
    course = spoiled.read()
    answer = next(one for one in wrong_answers(course, course.exercises[0]) if one.file.name == "another.py")
    assert answer.checks == {"test_a", "test_b"}
    assert answer.functions == set()
    assert answer.words == ("one thing", "another")


def test_a_wrong_answer_that_declares_nothing_is_refused(spoiled: Spoiled) -> None:
    spoiled.add(WRONG, "def add_up(numbers):\n    return 0\n")
    course = spoiled.read()
    with pytest.raises(CourseError, match=r"another\.py does not say which check must fail"):
        wrong_answers(course, course.exercises[0])


def test_harmless_changes_are_compared_without_their_spaces(spoiled: Spoiled) -> None:
    entry = '[[harmless]]\nexercise = "exercise-1"\nbefore = "a  =  1"\nafter = "a = 1.0"\nreason = "equal"\n'
    spoiled.add("checks/wrong/harmless.toml", entry)
    (one,) = harmless(spoiled.read())
    assert (one.before, one.after) == (plain("a = 1"), plain("  a=1.0"))


def test_a_file_of_harmless_changes_that_cannot_be_read_is_named(spoiled: Spoiled) -> None:
    spoiled.add("checks/wrong/harmless.toml", "[[harmless]]\nexercise = 3\n")
    with pytest.raises(CourseError, match=r"harmless\.toml"):
        harmless(spoiled.read())


def test_a_course_without_a_solution_has_none(spoiled: Spoiled) -> None:
    course = spoiled.read()
    file = solution_of(course, course.exercises[0])
    assert file is not None
    file.unlink()
    assert solution_of(course, course.exercises[0]) is None
