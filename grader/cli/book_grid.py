"""A cohort as a grid, a row a student and a column an exercise, and how its columns share the width of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Final

from rich.cells import cell_len
from rich.text import Text as Line

from grader.cli.streams import View
from grader.exports import number
from grader.gradebook import Entry, Student
from grader.language import _
from grader.report.page import Page, safe
from grader.report.words import VERDICT_STYLES

LEAST_NAME: Final = 8
"""Cells of a name that is cut; of less nobody can be told."""
_ENOUGH_ID: Final = 20
"""Cells of an id, where longer ones would leave no room for the grid."""
_LEAST_HEAD: Final = 5
_SHORT: Final = ".."
_NAME_GAP: Final = 2
_GAPS: Final = (2, 1)
_MOST_GAP: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Cells of the ids, of the names (0 for none) and of each column, and of what stands before each column."""

    ids: int
    names: int
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    gap: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """What a grid shows of one student; the last cell is the sum."""

    student: Student
    cells: tuple[Line, ...]


def write_grid(page: Page, table: Sequence[Entry], view: View) -> bool:
    """Write `table`, which has every exercise for each student, as a grid; False where there is no room for one."""
    exercises = list(dict.fromkeys(entry.exercise for entry in table))
    rows = [_row(list(mine)) for _id, mine in groupby(table, key=lambda entry: entry.student.id)]
    total = view.translator.render(_("sum"))
    layout = _layout(page, exercises, rows, total)
    if layout is None:
        return False
    first = layout.ids + (layout.names and _NAME_GAP + layout.names)
    page.row(Line(" " * first) + _columns(page, layout, [safe(head, "bold") for head in (*layout.heads, total)]))
    for row in rows:
        page.row(_first(page, layout, row.student) + _columns(page, layout, row.cells))
    page.blank()
    legend = view.translator.render(_("- nothing handed in   ? not graded   * late   ! changed by hand"))
    page.block(legend, style="dim")
    beginning = _beginning(exercises)
    if any(head.startswith(_SHORT) for head in layout.heads):
        page.block(view.translator.render(_(".. stands for {beginning}", beginning=beginning)), style="dim")
    return True


def _row(mine: Sequence[Entry]) -> _Row:
    total = number(sum(entry.points or 0.0 for entry in mine))
    return _Row(student=mine[0].student, cells=(*map(_cell, mine), safe(total, "bold")))


def _cell(entry: Entry) -> Line:
    signs = ("*" if entry.late else "") + ("!" if entry.adjustment is not None else "")
    unknown = "-" if entry.run is None else "?"
    points = unknown if entry.points is None else number(entry.points)
    return safe(points + signs, VERDICT_STYLES[entry.verdict] if entry.verdict is not None else "dim")


def _layout(page: Page, exercises: Sequence[str], rows: Sequence[_Row], total: str) -> _Layout | None:
    """The layout that tells most: whole heads before names, names before wide gaps; None where not even points fit."""
    ids = max(safe(row.student.id).cell_len for row in rows)
    names = max(safe(row.student.name).cell_len for row in rows)
    points = [max(row.cells[column].cell_len for row in rows) for column in range(len(exercises) + 1)]
    points[-1] = max(points[-1], cell_len(total))
    for shown in dict.fromkeys((ids, min(ids, _ENOUGH_ID))):
        for heads in _heads(page, exercises):
            heads_cells = [*map(cell_len, heads), 0]
            widths = tuple(map(max, points, heads_cells))
            for least in dict.fromkeys((min(names, LEAST_NAME), 0)):
                for gap in _GAPS:
                    taken = shown + sum(widths) + gap * len(widths) + (least and _NAME_GAP + least)
                    if taken <= page.width:
                        fitting = _Layout(ids=shown, names=least, heads=tuple(heads), widths=widths, gap=gap)
                        return _spread(fitting, page.width - taken, ids=ids, names=names)
    return None


def _spread(layout: _Layout, left: int, *, ids: int, names: int) -> _Layout:
    """`layout` with the cells that are `left`: whole ids first, then whole names, then air between the columns."""
    more_ids = min(left, ids - layout.ids)
    left -= more_ids
    more_names = min(left, names - layout.names) if layout.names else 0
    left -= more_names
    more_gap = min(left // len(layout.widths), _MOST_GAP - layout.gap)
    return _Layout(
        ids=layout.ids + more_ids,
        names=layout.names + more_names,
        heads=layout.heads,
        widths=layout.widths,
        gap=layout.gap + more_gap,
    )


def _heads(page: Page, exercises: Sequence[str]) -> Iterator[Sequence[str]]:
    """The exercises' ids; then, ever shorter, without what all of them begin with, and cut."""
    yield exercises
    dropped = len(_beginning(exercises))
    short = [f"{_SHORT}{exercise[dropped:]}" for exercise in exercises] if dropped > len(_SHORT) else exercises
    yield short
    for cells in range(max(map(cell_len, short)) - 1, _LEAST_HEAD - 1, -1):
        cut = [page.cut(safe(head), cells).plain for head in short]
        if len(set(cut)) == len(cut):  # two exercises with one head would be worse than no grid
            yield cut


def _beginning(exercises: Sequence[str]) -> str:
    """What all of several exercises' ids begin with, up to the numbers: 10 and 11 are no 0 and 1 of something."""
    if len(exercises) < 2:
        return ""
    alike = takewhile(lambda column: len(set(column)) == 1, zip(*exercises, strict=False))
    return "".join(column[0] for column in alike).rstrip("0123456789")


def _first(page: Page, layout: _Layout, student: Student) -> Line:
    line = _padded(page.cut(safe(student.id, "cyan"), layout.ids), layout.ids)
    if layout.names:
        line.append(" " * _NAME_GAP)
        line.append_text(_padded(page.cut(safe(student.name), layout.names), layout.names))
    return line


def _padded(line: Line, cells: int) -> Line:
    return line.append(" " * (cells - line.cell_len))


def _columns(page: Page, layout: _Layout, words: Sequence[Line]) -> Line:
    line = Line()
    for word, width in zip(words, layout.widths, strict=True):
        shown = page.cut(word, width)
        line.append(" " * (layout.gap + width - shown.cell_len))
        line.append_text(shown)
    return line
