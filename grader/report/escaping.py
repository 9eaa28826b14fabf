"""One place that makes foreign text safe to show: what a terminal would obey or hide becomes visible instead."""

from __future__ import annotations

import unicodedata
from typing import Final

MAX_CHARACTERS: Final = 20_000
"""Longer texts are cut before they are looked at, so that a huge message costs no time."""
TAB: Final = "    "
COMBINING_LIMIT: Final = 2
"""Marks that one letter may carry; more of them climb over the lines above."""

_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_MARKS: Final = frozenset({"Mn", "Me"})
_BLANK_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0")
"""Characters of a harmless category that show nothing at all."""


def terminal_safe(text: str, *, lines: bool = False) -> str:
    r"""`text` with everything that a terminal obeys or hides written out, such as `\x1b` or `\u202e`.

    That covers escape sequences, control characters, bidirectional and zero-width characters, lone surrogates and
    piles of combining marks. Tabs become spaces. Line ends stay only where `lines` is true. Decomposed Hangul and
    accents are composed first, since that is what their width is counted by.
    """
    cut = text[:MAX_CHARACTERS]
    if cut.isascii() and cut.isprintable():
        return cut
    if lines:
        return "\n".join(_safe_line(line) for line in cut.replace("\r\n", "\n").split("\n"))
    return _safe_line(cut)


def clip(text: str, characters: int, ellipsis: str = "…") -> str:
    """`text`, cut to at most `characters` with `ellipsis` at the end where something was left out."""
    if len(text) <= characters:
        return text
    return text[: max(characters - len(ellipsis), 0)] + ellipsis


def _safe_line(line: str) -> str:
    if line.isascii() and line.isprintable():
        return line
    pieces: list[str] = []
    marks = COMBINING_LIMIT  # a mark with no letter before it is written out
    for character in unicodedata.normalize("NFC", line):
        if character == "\t":
            pieces.append(TAB)
            continue
        category = unicodedata.category(character)
        if category in _MARKS:
            marks += 1
            hidden = marks > COMBINING_LIMIT or _is_hidden(character, category)
        else:
            marks = 0
            hidden = _is_hidden(character, category)
        pieces.append(_written_out(character) if hidden else character)
    return "".join(pieces)


def _is_hidden(character: str, category: str) -> bool:
    return category in _HIDDEN_CATEGORIES or character in _BLANK_LETTERS or _is_variation_selector(character)


def _is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _written_out(character: str) -> str:
    code = ord(character)
    if character == "\n":
        return r"\n"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
