from __future__ import annotations

import pytest

from grader.course import builtin_folder, read_course
from grader.language import Translator
from grader.verification.strays import strays_of_course, strays_of_exercise
from tests.verification.conftest import CHECKS, SOLUTION, Spoiled

ENGLISH = Translator.english()


def strays(spoiled: Spoiled) -> list[tuple[str, str]]:
    course = spoiled.read()
    found = [*strays_of_course(course, ENGLISH), *strays_of_exercise(course, course.exercises[0], ENGLISH)]
    return [(one.file.removeprefix(f"{spoiled.folder}/"), one.sentence) for one in found]


@pytest.mark.parametrize(
    ("file", "stray", "words"),
    [
        ("exercises/exercise-1/mine.py", "exercises/exercise-1/mine.py", "taken for a submission: remove it"),
        ("exercises/exercise-1/exercise_1.ipynb", "exercises/exercise-1/exercise_1.ipynb", "taken for a submission"),
        ("exercises/exercise-1/README.de.md", "exercises/exercise-1/README.de.md", "add the language, or remove it"),
        ("exercises/exercise-7/README.md", "exercises/exercise-7", "name it in course.toml, or remove it"),
        ("solutions/exercise-7/exercise_7.py", "solutions/exercise-7", "rename it, or remove it"),
        ("solutions/exercise-1/old.py", "solutions/exercise-1/old.py", "does not import it: remove it"),
        ("checks/test_exercise_7.py", "checks/test_exercise_7.py", "so nobody runs them: name it, or remove it"),
        ("checks/helpers.py", "checks/helpers.py", "No check file imports it: remove it"),
        ("checks/wrong/exercise_1/typo.py", "checks/wrong/exercise_1", "rename it, or remove it"),
        ("checks/wrong/exercise-1/notes.txt", "checks/wrong/exercise-1/notes.txt", "no wrong answer"),
    ],
)
def test_a_file_that_belongs_to_nothing_is_told(spoiled: Spoiled, file: str, stray: str, words: str) -> None:
    spoiled.add(file, "")
    ((where, sentence),) = strays(spoiled)
    assert where == stray
    assert words in sentence


def test_what_belongs_to_something_is_left_alone(spoiled: Spoiled) -> None:
    spoiled.add("checks/helpers.py", "")
    spoiled.add("checks/conftest.py", "")
    spoiled.change(CHECKS, "from grader.language", "import helpers\nfrom grader.language")
    spoiled.add("solutions/exercise-1/parts.py", "")
    spoiled.change(SOLUTION, "def add_up", "import parts\n\n\ndef add_up")
    spoiled.add("exercises/exercise-1/picture.svg", "<svg/>")
    spoiled.add("exercises/exercise-1/__pycache__/exercise_1.cpython-311.pyc", "")
    spoiled.add("checks/wrong/harmless.toml", "")
    spoiled.add("checks/.hidden.py", "")
    assert strays(spoiled) == []


def test_the_built_in_course_has_no_strays() -> None:
    course = read_course(builtin_folder())
    found = [*strays_of_course(course, ENGLISH)]
    for exercise in course.exercises:
        found += strays_of_exercise(course, exercise, ENGLISH)
    assert found == []
