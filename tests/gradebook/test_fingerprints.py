"""A fingerprint changes with everything that a score depends on, and with nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.course import Course, Exercise
from grader.gradebook import exercise_fingerprint, run_fingerprint
from grader.records import Limits
from tests.gradebook.cohorts import a_course, an_exercise


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    for name in ("checks/test_one.py", "checks/test_two.py", "checks/helper.py", "stub.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return msgspec.structs.replace(an_exercise(), checks=tmp_path / "checks/test_one.py", stub=tmp_path / "stub.py")


def print_of(exercise: Exercise, course: Course | None = None, **changes: Any) -> str:
    asked: dict[str, Any] = {"limits": Limits(), "language": "en", "versions": {"keras": "3"}} | changes
    return exercise_fingerprint(course or a_course(exercise), exercise, **asked)


@pytest.mark.parametrize("name", ["checks/test_one.py", "checks/helper.py", "stub.py"])
def test_it_changes_with_the_checks_their_helpers_and_the_stub(name: str, exercise: Exercise, tmp_path: Path) -> None:
    before = print_of(exercise)
    (tmp_path / name).write_text("changed")
    assert print_of(exercise) != before


def test_it_changes_with_a_file_that_the_checks_may_read(exercise: Exercise, tmp_path: Path) -> None:
    found = set()
    for content in ("1", "2"):
        (tmp_path / "checks/expected.json").write_text(content)
        found.add(print_of(exercise))
    (tmp_path / "checks/out").mkdir()
    (tmp_path / "checks/out/gradebook.sqlite").write_text("what a batch wrote")
    assert len(found | {print_of(exercise)}) == 2


def test_it_does_not_change_with_another_exercises_checks_or_with_time(exercise: Exercise, tmp_path: Path) -> None:
    before = print_of(exercise)
    (tmp_path / "checks/test_two.py").write_text("changed")
    os.utime(exercise.checks, (0, 0))
    assert print_of(exercise) == before


@pytest.mark.parametrize(
    "changes", [{"limits": Limits(call_seconds=1)}, {"language": "ko"}, {"versions": {"keras": "4"}}]
)
def test_it_changes_with_limits_language_and_versions(changes: dict[str, Any], exercise: Exercise) -> None:
    assert print_of(exercise, **changes) != print_of(exercise)


def test_it_changes_with_points_and_seed(exercise: Exercise) -> None:
    other = msgspec.structs.replace(exercise, points={"f_one": 9.0})
    reseeded = msgspec.structs.replace(a_course(exercise), seed=2)
    assert len({print_of(exercise), print_of(other), print_of(exercise, reseeded)}) == 3


def test_a_runs_fingerprint_changes_with_the_submission_and_fits_the_gradebook(exercise: Exercise) -> None:
    first, second = (run_fingerprint(content * 64, "required", print_of(exercise)) for content in "ab")
    assert len({first, second, run_fingerprint("a" * 64, "off", print_of(exercise))}) == 3
    assert len(first) == 64
