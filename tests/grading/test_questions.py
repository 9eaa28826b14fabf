"""What a subject tells when it is asked, forged ones too; nothing here starts a process."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from grader.grading.questions import Questions
from grader.protocol.frames import Kind
from grader.records import Limits
from grader.sandbox.process import Process
from grader.submission import read_submission

RAISED = {"type": "ValueError", "text": "no", "frames": [("exercise_3.py", 1, "f")] * 10_000}


class Forger:
    """A subject that answers every question with the same."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer

    def exchange(self, _request: Any, *, seconds: float) -> tuple[Kind, Any]:
        assert seconds > 0
        return Kind.ANSWER, self.answer

    def take_printed(self) -> str:
        return ""


@pytest.fixture
def questions(tmp_path: Path) -> Any:
    file = tmp_path / "exercise_3.py"
    file.write_text("def f():\n    return 1\n", "utf-8")
    submission = read_submission(file, functions=("f",))

    def made(answer: dict[str, Any]) -> Questions:
        return Questions(submission, Limits(), lambda _limits: cast("Process", Forger(answer)), dict)

    return made


def test_what_was_raised_and_warned_of_is_told_up_to_a_limit(questions: Any) -> None:
    forged = {"raised": [RAISED] * 5_000, "warnings": [f"{number} {'w' * 1_000}" for number in range(5_000)]}
    asked = questions(forged)
    asked.load()
    assert len(asked.raised) == 100
    assert asked.raised[0].location.line == 1
    assert [warning[:2] for warning in asked.warnings[:2]] == ["0 ", "1 "]
    assert len(asked.warnings) == 20
    assert max(map(len, asked.warnings)) == 300


def test_warnings_of_a_call_are_told_up_to_a_limit(questions: Any) -> None:
    asked = questions({"raised": [], "warnings": ["w"] * 5_000, "value": 1, "seconds": 0.0})
    assert asked.ask("f", (), {}, observe=False).value == 1
    assert len(asked.ask("f", (), {}, observe=False).warnings) == 20
