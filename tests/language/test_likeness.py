"""Which word somebody may have meant."""

from __future__ import annotations

import pytest

from grader.language import nearest

EXERCISES = [f"exercise-{number}" for number in range(1, 7)]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("exercize-2", "exercise-2"),
        ("exercise2", "exercise-2"),
        ("excersise-3", "exercise-3"),
        ("exercise-9", None),
        ("exercise-22", None),
        ("exercise", None),
        ("", None),
        ("relu", None),
    ],
)
def test_only_a_word_that_is_really_alike_is_meant(word: str, meant: str | None) -> None:
    assert nearest(word, EXERCISES) == meant
