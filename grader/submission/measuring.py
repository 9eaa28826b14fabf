"""How much there is to read in a text, told before anything is done with it that takes long."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

from grader.language import _
from grader.submission.decoding import Fault

WORDS: Final = 100_000
"""words and signs of a submission, and again of it and the modules beside it together. A course in one notebook has a
fortieth of it. A syntax tree has two nodes for a word at most, and the parser takes some 2 KB for each."""
CELLS: Final = 5_000
"""code cells of a notebook; each is parsed and compiled by itself"""
COMBINED: Final = 100
"""marks in a row, such as accents, that Python brings into their order in quadratic time"""

_WORD = re.compile(r"\w+|[^\w\s]")
_MARKS = re.compile(rf"[^\w\s\0-\x7f]{{{COMBINED + 1},}}")


def words(text: str) -> int:
    """How many words and signs `text` has. What stands in strings and comments counts: only a parser tells it apart."""
    if len(text) <= WORDS:  # few enough to be held, which is sooner done
        return len(_WORD.findall(text))
    return sum(1 for _found in _WORD.finditer(text))


def too_many_words() -> Fault:
    """The fault of text that has more than `WORDS` of them."""
    return Fault(
        message=_(
            "There are more than {count:,} words and signs of code here. Hand in the part that the exercise asks for.",
            count=WORDS,
        )
    )


def too_many_cells() -> Fault:
    """The fault of a notebook that has more than `CELLS` of code."""
    return Fault(
        message=_(
            "This notebook has more than {count:,} cells of code. Hand in the part that the exercise asks for.",
            count=CELLS,
        )
    )


def heaped_marks(text: str) -> int | None:
    """The line, from 1, on which more than `COMBINED` combining marks follow each other; None where there is none."""
    for run in _MARKS.finditer(text):
        row = 0
        for character in run[0]:
            row = row + 1 if unicodedata.combining(character) else 0
            if row > COMBINED:
                return text.count("\n", 0, run.start()) + 1
    return None


def has_more_values(content: Any, most: int) -> bool:
    """Whether `content`, as `json` reads it, consists of more than `most` values."""
    count = 1
    waiting: list[Any] = [content]
    while waiting and count <= most:
        value = waiting.pop()
        parts: Iterable[Any] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        before = len(waiting)
        waiting.extend(parts)
        count += len(waiting) - before
    return count > most
