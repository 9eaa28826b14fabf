"""A location in words."""

from __future__ import annotations

from grader.language import Text, _
from grader.records import Location


def place(location: Location) -> Text:
    """`location` as a student says it: the file and the line, or the file, the cell and the line in it."""
    if location.cell is None:
        return _("{file}, line {line}", file=location.file, line=location.line)
    return _("{file}, cell {cell}, line {line}", file=location.file, cell=location.cell, line=location.line)
