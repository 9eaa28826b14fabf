"""Which known word somebody may have meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

LIKENESS: Final = 0.75
"""Below it, two words have little more in common than some letters."""
_NUMBER: Final = re.compile(r"\d+")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that is most like `word`; None where none is really like it.

    Words with other numbers are other words: who types `exercise-9` did not mean `exercise-6`.
    """
    import difflib  # noqa: PLC0415 - only a mistake needs it

    alike = [candidate for candidate in known if _NUMBER.findall(candidate) == _NUMBER.findall(word)]
    return next(iter(difflib.get_close_matches(word, alike, n=1, cutoff=LIKENESS)), None)
