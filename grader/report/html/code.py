"""The student's own lines, with marks at those that a check is about. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from grader.records import CheckReport, Location, Outcome, Report, SourcePart

MARKS: Final = 6
"""Remarks beside one line; a function's first line may have as many as it has checks."""
MAX_LINES: Final = 2500
"""Lines of all parts together; a page stays below half a megabyte."""
Place = tuple[str, int | None, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """What one check says about a line; `check` is its anchor in the page."""

    kind: str
    text: str
    check: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of code. `anchor` is None where nothing refers to it."""

    number: int
    text: str
    kind: str | None
    anchor: str | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A file or a notebook cell."""

    file: str
    cell: int | None
    lines: tuple[Line, ...]
    cut: bool


def check_anchor(prefix: str, position: int) -> str:
    """The anchor of the report's check at `position`."""
    return f"{prefix}-check{position}"


def line_anchor(report: Report, prefix: str, location: Location | None) -> str | None:
    """The anchor of a line in the page; None where the page does not show it."""
    if location is None:
        return None
    for number, part in enumerate(report.sources):
        if (part.file, part.cell) == (location.file, location.cell) and location.line <= _shown_lines(report, number):
            return f"{prefix}-p{number}-l{location.line}"
    return None


def code_parts(report: Report, prefix: str) -> tuple[Part, ...]:
    """What the page shows of the submission."""
    marks = _marks(report, prefix)
    return tuple(_part(report, number, part, marks, prefix) for number, part in enumerate(report.sources))


def _part(
    report: Report, number: int, part: SourcePart, marks: dict[Place, list[tuple[Mark, Location]]], prefix: str
) -> Part:
    texts = part.text.split("\n")
    while len(texts) > 1 and not texts[-1].strip():
        texts.pop()
    shown = min(len(texts), _shown_lines(report, number))
    lines = []
    for position, text in enumerate(texts[:shown], 1):
        found = marks.get((part.file, part.cell, position), [])
        kept = tuple(dict.fromkeys(mark for mark, _place in found))[:MARKS]
        anchor = line_anchor(report, prefix, found[0][1]) if found else None
        lines.append(Line(position, text, kept[0].kind if kept else None, anchor, kept))
    return Part(part.file, part.cell, tuple(lines), part.cut or shown < len(texts))


def _shown_lines(report: Report, number: int) -> int:
    before = sum(part.text.count("\n") + 1 for part in report.sources[:number])
    return max(min(report.sources[number].text.count("\n") + 1, MAX_LINES - before), 0)


def _marks(report: Report, prefix: str) -> dict[Place, list[tuple[Mark, Location]]]:
    found: dict[Place, list[tuple[Mark, Location]]] = defaultdict(list)
    told: set[tuple[Place, str]] = set()
    for position, check in enumerate(report.checks):
        if check.location is None or check.outcome in {Outcome.PASSED, Outcome.SKIPPED, Outcome.ERRORED}:
            continue
        place = (check.location.file, check.location.cell, check.location.line)
        text = _remark(check)
        if (place, text) not in told:
            told.add((place, text))
            mark = Mark(check.outcome.value, text, check_anchor(prefix, position))
            found[place].append((mark, check.location))
    return found


def _remark(check: CheckReport) -> str:
    return (check.message or check.title).partition("\n")[0][:300]
