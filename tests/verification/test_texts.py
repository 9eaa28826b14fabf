from __future__ import annotations

import pytest

from grader.errors import CourseError
from grader.language import Translator
from grader.verification import Severity
from grader.verification.texts import look_at, look_beside
from tests.verification.conftest import CHECKS, SOLUTION, STUB, Spoiled


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
        ((SOLUTION, "-> int:", "-> float:"), STUB, "make them the same"),
        ((SOLUTION, "def add_up", "async def add_up"), STUB, "arguments of add_up"),
        ((SOLUTION, "def add_up", "def add_all"), SOLUTION, "no function add_up: write it"),
        ((STUB, "def add_up", "def add_all"), STUB, "no function add_up, which course.toml gives points for: add it"),
        ((SOLUTION, "return sum", "return return sum"), SOLUTION, "It is not Python"),
        ((STUB, "raise", "raise raise"), STUB, "It is not Python"),
        ((CHECKS, "points=1,", "points=2,"), CHECKS, "give 2 points together, and course.toml says 1"),
        ((CHECKS, "    hint=_(", "    hint=str("), CHECKS, "in one language only"),
        ((CHECKS, "The sum of the numbers is right", "The sum is right"), CHECKS, "no translation into ko: `grade new"),
        ((CHECKS, "Start at 0 and add each number.", "Start at 0."), CHECKS, "no translation into ko"),
        ((CHECKS, "The last number is left out.", "One number is left out."), CHECKS, "no translation into ko"),
    ],
)
def test_a_mistake_is_told_with_its_file(
    spoiled: Spoiled, change: tuple[str, str, str], place: str, words: str
) -> None:
    spoiled.change(*change)
    (finding,) = findings(spoiled)
    assert finding[0] == place
    assert words in finding[1]


def test_a_function_that_nobody_asks_for_is_told(spoiled: Spoiled) -> None:
    spoiled.add(CHECKS, '\n\n@check("add_all", points=0, title=_("The last number is left out."))\n')
    spoiled.add(CHECKS, "def test_all(student):\n    expect_count(student.add_all([]), 0)\n")
    ((file, sentence),) = findings(spoiled)
    assert file == CHECKS
    assert "add_all is no function of this exercise: give it points" in sentence


def test_a_stub_without_a_docstring_is_told(spoiled: Spoiled) -> None:
    for file in (STUB, SOLUTION):
        spoiled.change(file, '    """Return the sum of the numbers; that of none is 0."""\n', "")
    course = spoiled.read()
    (finding,) = look_at(course, course.exercises[0], Translator.english())
    assert finding.file.endswith(STUB)
    assert "no docstring: say in it" in finding.sentence
    assert finding.severity is Severity.WARNING  # it may be said in the task


def test_a_sentence_of_a_module_beside_the_checks_needs_a_translation_too(spoiled: Spoiled) -> None:
    spoiled.add("checks/helpers.py", 'from grader.language import _\n\nSENTENCE = _("Look again.")\n')
    (finding,) = look_beside(spoiled.read(), Translator.english())
    assert finding.file.endswith("checks/helpers.py")
    assert '"Look again." has no translation into ko' in finding.sentence


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("points = 1", "points = 2", "do not add up"),
        ('ko = "숫자 더하기"\n', "", "has no text in ko; add it"),
        ('languages = ["en", "ko"]', 'languages = ["en", "ko", "de"]', "has no text in de; add it"),
    ],
)
def test_what_is_wrong_in_the_course_file_is_told_before_anything_is_run(
    spoiled: Spoiled, before: str, after: str, words: str
) -> None:
    spoiled.change("course.toml", before, after)
    with pytest.raises(CourseError, match=r"course\.toml") as raised:
        spoiled.read()
    assert words in str(raised.value)


def test_a_missing_solution_is_told(spoiled: Spoiled) -> None:
    (spoiled.folder / SOLUTION).unlink()
    assert ["no solution exercise_1.py" in sentence for _file, sentence in findings(spoiled)] == [True]
