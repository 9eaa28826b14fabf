"""Where a line is, in words."""

from __future__ import annotations

from grader.language import Text, _
from grader.records import Location


def place(location: Location) -> Text:
    """The file and the line, and the cell of a notebook."""
    if location.cell is None:
        return _("{file}, line {line}", file=location.file, line=location.line)
    return _("{file}, cell {cell}, line {line}", file=location.file, cell=location.cell, line=location.line)
