from __future__ import annotations

import pytest

from grader.language import Translator
from grader.verification.texts import look_at
from tests.verification.conftest import Spoiled

STUB = "exercises/exercise-1/exercise_1.py"
SOLUTION = "solutions/exercise-1/exercise_1.py"
CHECKS = "checks/test_exercise_1.py"


def findings(spoiled: Spoiled) -> list[tuple[str, str]]:
    course = spoiled.read()
    found = look_at(course, course.exercises[0], Translator.english())
    return [(one.file.removeprefix(f"{spoiled.folder}/"), one.sentence) for one in found]


def test_nothing_is_said_of_a_sound_course(spoiled: Spoiled) -> None:
    assert findings(spoiled) == []


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ((SOLUTION, "numbers: list[int]", "values: list[int]"), STUB, "arguments of add_up"),
        ((SOLUTION, "that of none is 0", "that of none is 1"), STUB, "docstring of add_up"),
        ((SOLUTION, "def add_up", "def add_all"), SOLUTION, "no function add_up"),
        ((SOLUTION, "return sum", "return return sum"), SOLUTION, "not Python"),
        ((CHECKS, "points=1,", "points=2,"), CHECKS, "give 2 points together, and course.toml says 1"),
        ((CHECKS, "    hint=_(", "    hint=str("), CHECKS, "in one language only"),
        ((CHECKS, "The sum of the numbers is right", "The sum is right"), CHECKS, "no translation into ko"),
    ],
)
def test_a_mistake_is_told_with_its_file(
    spoiled: Spoiled, change: tuple[str, str, str], place: str, words: str
) -> None:
    spoiled.change(*change)
    (finding,) = findings(spoiled)
    assert finding[0] == place
    assert words in finding[1]


def test_a_missing_solution_is_told(spoiled: Spoiled) -> None:
    (spoiled.folder / SOLUTION).unlink()
    assert ["no solution exercise_1.py" in sentence for _file, sentence in findings(spoiled)] == [True]
