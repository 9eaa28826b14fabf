"""The submission's own lines, for a report to show. Pure."""

from __future__ import annotations

from typing import Final

from grader.records import SourcePart
from grader.submission import Submission
from grader.submission.records import CELL_MARK

SOURCE_CHARACTERS: Final = 60_000
"""Of a submission's text in a report; whole courses in one file stay far below."""


def source_parts(submission: Submission) -> tuple[SourcePart, ...]:
    """The submission's files or cells in order, `SOURCE_CHARACTERS` of them together at most."""
    parts, room = [], SOURCE_CHARACTERS
    for filename, text in submission.originals.items():
        if room <= 0:
            break
        file, _mark, cell = filename.rpartition(CELL_MARK)
        shown = text if len(text) <= room else text[:room].rpartition("\n")[0]
        parts.append(
            SourcePart(
                file=file if cell.isdecimal() else filename,
                cell=int(cell) if cell.isdecimal() else None,
                text=shown,
                cut=len(shown) < len(text),
            )
        )
        room -= len(text)
    return tuple(parts)
