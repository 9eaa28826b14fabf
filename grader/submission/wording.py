"""Values from a submission made fit to be shown: escaped, shortened, listed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from grader.language import Text, _
from grader.records import Location

Item = TypeVar("Item")

SNIPPET_LENGTH = 48
LISTED = 4


def printable(value: object) -> str:
    """`value` as text in which every unprintable character (control, direction, surrogate) is written as an escape."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in str(value)
    )


def aligned(line: str, length: int) -> str:
    """The first `length` characters of `line`, each unprintable one replaced by one that shows, so columns stay."""
    cut = line[:length].replace("\t", " ")
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in cut)


def snippet(code: str) -> str:
    """The first line of `code`, short enough to stand in a sentence."""
    line = code.strip().partition("\n")[0].rstrip()
    return printable(line if len(line) <= SNIPPET_LENGTH else line[: SNIPPET_LENGTH - 1] + "…")


def place(location: Location) -> Text:
    """Where `location` is, without the file."""
    if location.cell is None:
        return _("line {line}", line=location.line)
    return _("cell {cell}, line {line}", cell=location.cell, line=location.line)


def listed(items: Sequence[Item], show: Callable[[Item], Text | str]) -> Text | str:
    """The first few of `items`, as `show` writes them, in one phrase, and how many more there are.

    There must be at least one.
    """
    phrase = show(items[0])
    for item in items[1:LISTED]:
        phrase = _("{items}; {next_item}", items=phrase, next_item=show(item))
    hidden = len(items) - LISTED
    return phrase if hidden <= 0 else _("{items}; and {count} more", items=phrase, count=hidden)
