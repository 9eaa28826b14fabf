"""`grade list` and `grade show`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.cli.showing import laid_out
from grader.cli.streams import View
from grader.language import Translator
from grader.report import SCHEMA_FILE
from tests.cli.conftest import Ended

Grade = Callable[..., Ended]
ONE_OF_TWO = "def relu(z):\n    return z * (z > 0)\n\ndef build_relu_model():\n    raise NotImplementedError\n"


def test_an_empty_folder_is_told_how_to_begin(grade: Grade) -> None:
    ended = grade("list")
    assert ended.code == 0
    assert ended.out.count("no file\n") == 6
    assert "`grade init FOLDER`" in ended.out


def test_shows_how_far_one_is(grade: Grade, folder: Path) -> None:
    (folder / "exercise_5.py").write_text(ONE_OF_TWO)
    out = grade("list").out
    assert re.search(r"exercise-5  ReLU +functions written: 1 of 2\n +exercise_5\.py\n", out)
    assert "Next: read `grade show exercise-1`" in out


def test_nothing_of_a_submission_is_run(grade: Grade, folder: Path) -> None:
    (folder / "exercise_5.py").write_text(ONE_OF_TWO + "open('ran', 'w')\n")
    grade("list")
    assert not (folder / "ran").exists()


@pytest.mark.parametrize("content", [b"def relu(:\n", b"\xff\xfe\x00", b"(" * 5000, b""])
def test_no_file_is_too_strange_for_the_list(content: bytes, grade: Grade, folder: Path) -> None:
    (folder / "exercise_5.py").write_bytes(content)
    ended = grade("list")
    assert ended.code == 0
    assert "exercise_5.py" in ended.out


def test_the_list_is_in_the_language_of_the_locale(grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    assert "층이 두 개인 모델" in grade("list").out


def test_shows_a_task_as_it_is_written(grade: Grade) -> None:
    assert grade("show", "exercise-2").out.startswith("# Exercise 2")
    assert any("가" <= character <= "힣" for character in grade("show", "exercise-2", "--lang", "ko").out)


def test_there_is_no_task_without_an_exercise(grade: Grade) -> None:
    assert grade("show", "exercise-9").code == 2


def test_a_task_is_laid_out_for_a_terminal() -> None:
    view = View(Translator.english(), width=60, color=True, unicode=True)
    page = laid_out("# Title\n\nSome **bold** text, \x1b]0;owned\x07 and `code`.\n", view)
    assert "**" not in page
    assert "\x1b[1m" in page
    assert "\x1b]0" not in page


@pytest.mark.parametrize("command", ["list", "show", "init", "doctor", "schema", "exercise-2"])
def test_every_command_has_help(command: str, grade: Grade) -> None:
    ended = grade(command, "--help")
    assert ended.code == 0
    assert ended.out.startswith("Usage: grade ")
    assert "--help" in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80


def test_help_speaks_the_language_that_was_asked_for(grade: Grade) -> None:
    ended = grade("--lang", "ko", "--help")
    assert any("가" <= character <= "힣" for character in ended.out)


def test_the_schema_is_the_shipped_one(grade: Grade, folder: Path) -> None:
    assert grade("schema").out == SCHEMA_FILE.read_text("utf-8")
    grade("schema", "--output", "schema.json")
    assert (folder / "schema.json").read_text("utf-8") == SCHEMA_FILE.read_text("utf-8")
