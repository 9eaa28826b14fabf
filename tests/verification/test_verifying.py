from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.batch import on_this_machine
from grader.grading import GradingOptions, Session
from grader.verification import Depth, MutationRun, Verification, run_mutants, verify
from tests.project.files import ROOT
from tests.verification.conftest import Spoiled

pytestmark = pytest.mark.slow

CHECKS = "checks/test_exercise_1.py"
WRONG = "checks/wrong/exercise-1/forgets_the_last.py"
NO_NUMBERS = """

@check("add_up", points=0, title=_("The sum of the numbers is right"))
def test_nothing(student):
    expect_count(student.add_up([]), 0)
"""
DEPENDENT = """
seen = []


@check("add_up", points=0, title=_("The sum of the numbers is right"))
def test_first(student):
    seen.append(expect_count(student.add_up([]), 0))


@check("add_up", points=0, title=_("The sum of the numbers is right"))
def test_second(student):
    assert seen
"""


def verified(spoiled: Spoiled, language: str = "en") -> Verification:
    course = spoiled.read()
    with Session(course, GradingOptions(language=language)) as session:
        return verify(session, course.exercises, Depth(runs=5, seeds=0), lambda _text: None)


def said(found: Verification) -> list[tuple[str, str]]:
    return [(Path(one.file).name, one.sentence) for one in found.findings]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_sound_course_is_sound_in_every_language(spoiled: Spoiled, language: str) -> None:
    found = verified(spoiled, language)
    assert said(found) == []
    assert found.passed
    assert (found.checks, found.proven, found.wrong_answers) == (1, 1, 1)


def test_a_check_that_no_wrong_answer_fails_is_named(spoiled: Spoiled) -> None:
    spoiled.add(CHECKS, NO_NUMBERS)
    (finding,) = verified(spoiled).findings
    assert finding.check == "test_nothing"
    assert "No wrong answer fails it" in finding.sentence


def test_a_wrong_answer_that_is_right_is_named(spoiled: Spoiled) -> None:
    spoiled.change(WRONG, "sum(numbers[:-1])", "sum(numbers)")
    assert ("forgets_the_last.py", "It earns everything, so it is not wrong, or a check is missing.") in said(
        verified(spoiled)
    )


def test_words_that_nobody_says_are_named(spoiled: Spoiled) -> None:
    spoiled.change(WRONG, "last number", "first number")
    assert said(verified(spoiled)) == [("forgets_the_last.py", '"first number" stands in nothing that is said of it.')]


def test_a_check_that_depends_on_another_is_found(spoiled: Spoiled) -> None:
    spoiled.add(CHECKS, DEPENDENT)
    sentences = [one.sentence for one in verified(spoiled).findings if one.check == "test_second"]
    assert any("not in another" in sentence for sentence in sentences)


def test_a_solution_that_is_wrong_is_told(spoiled: Spoiled) -> None:
    spoiled.change("solutions/exercise-1/exercise_1.py", "sum(numbers)", "sum(numbers) + 1")
    assert any("The solution does not pass it" in sentence for _file, sentence in said(verified(spoiled)))


def test_a_stub_that_is_written_earns_something_and_is_told(spoiled: Spoiled) -> None:
    spoiled.change("exercises/exercise-1/exercise_1.py", "raise NotImplementedError", "return sum(numbers)")
    assert ("exercise_1.py", "The stub earns 1 points; it must earn none.") in said(verified(spoiled))


def test_a_check_that_passes_where_nothing_is_returned_is_told(spoiled: Spoiled) -> None:
    unchanged = NO_NUMBERS.replace("expect_count(student.add_up([]), 0)", "student.add_up([])")
    spoiled.add(CHECKS, unchanged)
    sentences = [one.sentence for one in verified(spoiled).findings if one.check == "test_nothing"]
    assert any("returns nothing passes it" in sentence for sentence in sentences)


def test_a_check_that_needs_most_of_its_time_is_told(spoiled: Spoiled) -> None:
    spoiled.change("course.toml", "[verification]", "[limits]\ncall_seconds = 0.5\n\n[verification]")
    spoiled.change(CHECKS, "    numbers = [int", "    __import__('time').sleep(0.4)\n    numbers = [int")
    (finding,) = verified(spoiled).findings
    assert finding.severity == "warning"
    assert "of 0.5 seconds" in finding.sentence


def test_a_check_that_breaks_is_an_error_of_the_course(spoiled: Spoiled) -> None:
    spoiled.change(CHECKS, "numbers = [int", "1 / 0\n    numbers = [int")
    assert any("mend the check" in sentence for _file, sentence in said(verified(spoiled)))


def test_a_mutant_that_no_check_catches_is_shown_unless_it_is_declared_harmless(spoiled: Spoiled) -> None:
    spoiled.change("solutions/exercise-1/exercise_1.py", "return sum(numbers)", "return sum(numbers) + 0")
    course = spoiled.read()
    run = MutationRun.of(course, course.exercises, 50)
    mutation = run_mutants(run, on_this_machine(), language="en", sandbox="auto", progress=lambda _done, _count: None)
    assert mutation.mutants == len(run.mutants) >= 5
    shown = [one for one in mutation.survivors if "sum(numbers) - 0" in one.diff]
    assert [one.reason for one in shown] == [None]
    entry = 'before = "return sum(numbers) + 0"\nafter = "return sum(numbers) - 0"\nreason = "0 is 0"\n'
    spoiled.add("checks/wrong/harmless.toml", f'[[harmless]]\nexercise = "exercise-1"\n{entry}')
    again = run_mutants(run, on_this_machine(), language="en", sandbox="auto", progress=lambda _done, _count: None)
    assert [one.reason for one in again.survivors if "sum(numbers) - 0" in one.diff] == ["0 is 0"]


def grade_verify(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader", "verify", *map(str, words)]
    return subprocess.run(command, cwd=cwd, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)


def test_the_command_ends_with_0_for_a_sound_course_and_writes_a_page(spoiled: Spoiled, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ended = grade_verify("--format", "json", "--report", page, cwd=spoiled.folder)
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    assert found["format"] == "grade-verification/1"
    assert found["findings"] == []
    assert "<script" not in page.read_text("utf-8")


def test_the_command_ends_with_1_and_names_the_file(spoiled: Spoiled) -> None:
    spoiled.add(CHECKS, NO_NUMBERS)
    ended = grade_verify("exercise-1", cwd=spoiled.folder)
    assert ended.returncode == 1
    assert "checks/test_exercise_1.py: test_nothing error" in ended.stdout


def test_an_exercise_that_is_not_there_is_one_line(spoiled: Spoiled) -> None:
    ended = grade_verify("exercise-9", cwd=spoiled.folder)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
