"""A course of one exercise, small and sound, that a test spoils in one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring import new_course
from grader.course import Course, read_course

STUB = "exercises/exercise-1/exercise_1.py"
SOLUTION = "solutions/exercise-1/exercise_1.py"
CHECKS = "checks/test_exercise_1.py"
WRONG = "checks/wrong/exercise-1/forgets_the_last.py"


class Spoiled:
    """The course's folder, and ways to change its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def change(self, file: str, before: str, after: str) -> None:
        """Put `after` where `before` stands in a file."""
        path = self.folder / file
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after), "utf-8")

    def add(self, file: str, text: str) -> None:
        """Write `text` at the end of a file, which may be new."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text("utf-8") if path.exists() else "") + text, "utf-8")

    def read(self) -> Course:
        """The course as it is now."""
        return read_course(self.folder)


@pytest.fixture
def spoiled(tmp_path: Path) -> Spoiled:
    """A course that is sound yet."""
    new_course(tmp_path / "course")
    return Spoiled(tmp_path / "course")
