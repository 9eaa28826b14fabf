"""Where a line is, in words."""

from __future__ import annotations

from pathlib import PurePosixPath

from grader.language import Text, _
from grader.records import Location, Report


def place(location: Location) -> Text:
    """The file and the line, and the cell of a notebook."""
    if location.cell is None:
        return _("{file}, line {line}", file=location.file, line=location.line)
    return _("{file}, cell {cell}, line {line}", file=location.file, cell=location.cell, line=location.line)


def path_of(report: Report, file: str) -> str:
    """The path of the student's `file`, the submission or what it imports, as the submission's own path tells."""
    path = PurePosixPath(report.submission.path.replace("\\", "/"))
    return str(path if path.name == file else (path.parent if path.suffix else path) / file)
