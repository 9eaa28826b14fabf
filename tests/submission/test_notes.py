from __future__ import annotations

import ast
import re
from typing import Any

import pytest

from grader.submission import Source, notes
from grader.submission.pieces import split
from tests.submission.conftest import Read

LINES = 200


class Counted(str):
    """Text that counts how often it is taken apart."""

    __slots__ = ("splits",)
    splits: int

    def split(self, *args: Any, **kwargs: Any) -> list[str]:
        self.splits = getattr(self, "splits", 0) + 1
        return super().split(*args, **kwargs)


class CountedPattern:
    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.searches = 0
        self._pattern = pattern

    def search(self, text: str) -> re.Match[str] | None:
        self.searches += 1
        return self._pattern.search(text)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> CountedPattern:
    pattern = CountedPattern(notes.LOADS)
    monkeypatch.setattr(notes, "LOADS", pattern)
    return pattern


def test_a_text_of_nothing_but_commands_is_taken_apart_once(loads: CountedPattern) -> None:
    original = Counted("!pip\n" * LINES)
    source = Source(cell=1, original=original, text="pass\n" * LINES, commands=tuple(range(1, LINES + 1)))
    (note,) = notes.command_notes([source])
    assert f"and {LINES - 4} more" in str(note)
    assert (original.splits, loads.searches) == (1, 1)


def test_a_cell_of_nothing_but_calls_is_taken_apart_once(loads: CountedPattern) -> None:
    original = Counted("f()\n" * LINES)
    pieces = tuple(split(ast.parse(str(original)), 1))
    (note,) = notes.left_out_notes([Source(cell=1, original=original, text=original, pieces=pieces)], [])
    assert f"and {LINES - 4} more" in str(note)
    assert (original.splits, loads.searches) == (1, 1)


def test_names_in_notes_are_short_enough_for_a_sentence(read: Read) -> None:
    (note,) = read(f"def {'a' * 10_000}(): pass\n" * 2).notes
    assert len(str(note)) < 200
