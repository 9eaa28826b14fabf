from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.verification import MutationRun, run_mutants
from grader.workers.hiring import on_this_machine
from tests.project.files import ROOT
from tests.verification.conftest import CHECKS, Spoiled

pytestmark = pytest.mark.slow

NO_NUMBERS = """

@check("add_up", points=0, title=_("The sum of the numbers is right"))
def test_nothing(student):
    expect_count(student.add_up([]), 0)
"""


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
