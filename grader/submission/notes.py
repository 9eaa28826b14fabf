"""What to tell about a submission that is no mistake, or not yet one: what was left out, and what looks unintended."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from grader.language import Text, _
from grader.records import Location
from grader.submission.functions import is_unfilled, raises_not_implemented
from grader.submission.pieces import FunctionDefinition, Piece
from grader.submission.records import FunctionFacts
from grader.submission.sources import Source
from grader.submission.wording import listed, place, snippet

_Line = tuple[Location, str]
LOADS: Final = re.compile(r"^[ \t]*%(?:re)?load_ext[ \t]+grader\b", re.MULTILINE)
_OWN: Final = re.compile(r"[ \t]*(?:[%!][ \t]*grade\b|%(?:re)?load_ext[ \t]+grader\b|grader\.check[ \t]*\()")
"""Lines that grade, of which nobody needs to be told that they were left out."""
_BRINGS: Final = re.compile(r"[ \t]*[%!][ \t]*pip\b")
"""Lines that, in the cell which loads the grader, have brought it."""


def command_notes(sources: Iterable[Source]) -> list[Text]:
    """That notebook commands were not run, and which."""
    found = [line for source in sources for line in _told(source, source.commands)]
    if not found:
        return []
    return [_("Notebook commands are not Python and were left out: {commands}.", commands=listed(found, _quoted))]


def left_out_notes(sources: Iterable[Source], taken: Sequence[Piece]) -> list[Text]:
    """What a notebook does besides defining things, and what was left out because no asked function needs it."""
    kept = {(piece.cell, piece.start) for piece in taken}
    found = [
        line
        for source in sources
        for line in _told(
            source,
            [piece.start for piece in source.pieces if piece.acts and (piece.cell, piece.start) not in kept],
        )
    ]
    if not found:
        return []
    return [_("Left out of the notebook, because no asked function needs it: {code}.", code=listed(found, _quoted))]


def repetition_notes(pieces: Iterable[Piece]) -> list[Text]:
    """Which functions are defined more than once, and where."""
    places: defaultdict[str, list[Location]] = defaultdict(list)
    for piece in pieces:
        for node in piece.nodes:
            if isinstance(node, FunctionDefinition):
                places[node.name].append(Location(file="", line=node.lineno, cell=piece.cell))
    return [
        _(
            "{name} is defined more than once ({places}). The last definition counts.",
            name=snippet(name),
            places=listed(locations, place),
        )
        for name, locations in places.items()
        if len(locations) > 1
    ]


def leftover_notes(facts: Mapping[str, FunctionFacts], pieces: Iterable[Piece]) -> list[Text]:
    """Which functions are written but still raise the stub's `NotImplementedError`."""
    notes = []
    for piece in pieces:
        for node in piece.nodes:
            if not isinstance(node, FunctionDefinition) or node.name not in facts or is_unfilled(node):
                continue
            fact = facts[node.name].location
            lines = [statement.lineno for statement in node.body if raises_not_implemented(statement)]
            if lines and fact is not None and (fact.cell, fact.line) == (piece.cell, node.lineno):
                notes.append(
                    _(
                        "{name} still has the line `raise NotImplementedError` ({place}). Delete it once the function "
                        "is written.",
                        name=node.name,
                        place=place(Location(file="", line=lines[0], cell=piece.cell)),
                    )
                )
    return notes


def _told(source: Source, numbers: Sequence[int]) -> list[_Line]:
    """Those of the lines `numbers` of `source` that do more than to grade.

    The text is taken apart and searched once for all of them: it may consist of nothing but commands.
    """
    if not numbers:
        return []
    lines = source.original.split("\n")
    loads = LOADS.search(source.original) is not None
    told = [(number, lines[number - 1]) for number in numbers]
    return [
        (Location(file="", line=number, cell=source.cell), text)
        for number, text in told
        if not _OWN.match(text) and not (loads and _BRINGS.match(text))
    ]


def _quoted(found: _Line) -> Text:
    location, text = found
    return _("{place}: {code}", place=place(location), code=snippet(text))
