"""The layers that were asked for, and those that were found, as a table of a page. Imports rich."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from rich.cells import cell_len
from rich.text import Text as Line

from grader.language import Text, Translator, _
from grader.records import LayerTable
from grader.report.page import Page, safe

ROLES: Final[dict[str, Text]] = {"expected": _("expected"), "observed": _("observed")}
STYLES: Final[dict[str, str]] = {"expected": "green", "observed": "red"}
HEADINGS: Final[dict[str, Text]] = {
    "Layer": _("Layer"),
    "Output shape": _("Output shape"),
    "Parameters": _("Parameters"),
    "Total": _("Total"),
}
"""The words of a table that are the grader's own."""
_GAP: Final = "  "
_NARROWEST: Final = 5


def write_tables(
    page: Page, tables: Sequence[LayerTable], translator: Translator, *, indent: int, rows: int, differing: bool = False
) -> None:
    """Write `tables` on `page`, each under or beside its role, with at most `rows` layers of each.

    A row that differs from the other table has a mark before it. With `differing`, only such rows are shown, and no
    total, of tables that have any. Only the first column is ever shortened.
    """
    shortened = differing and any(table.differing for table in tables)
    if shortened:
        tables = [_differing(table) for table in tables]
    labels = {table.role: translator.render(ROLES[table.role]) for table in tables}
    wide = max(map(cell_len, labels.values()), default=0) + len(_GAP)
    grids = [_grid(table, translator, rows, with_total=not shortened) for table in tables]
    beside = page.width - indent - wide >= max(_natural_width(grid) for grid in grids)
    start = indent + (wide if beside else 2)
    for table, grid in zip(tables, grids, strict=True):
        lines = _lines(page, grid, page.width - start)
        label = safe(labels[table.role], STYLES[table.role])
        if not beside:
            page.row(label, indent=indent)
        for number, (mark, text) in enumerate(
            zip(_marks(page, table, len(grid), shortened=shortened), lines, strict=True)
        ):
            lead = Line(" " * start)
            if beside and number == 0:
                lead = Line(" " * indent).append_text(label)
                lead.append(" " * (start - lead.cell_len))
            page.row(Line.assemble(lead, (f"{mark} ", STYLES[table.role]), safe(text, STYLES[table.role])))


def _differing(table: LayerTable) -> LayerTable:
    rows = tuple(row for number, row in enumerate(table.rows) if number in table.differing)
    return msgspec.structs.replace(table, rows=rows, differing=tuple(range(len(rows))))


def _grid(table: LayerTable, translator: Translator, rows: int, *, with_total: bool) -> list[tuple[str, ...]]:
    """The cells as they are shown: the head, the layers, the total."""
    head = tuple(translator.render(HEADINGS.get(cell, cell)) for cell in table.head)
    total = tuple(translator.render(HEADINGS.get(cell, cell)) for cell in table.total)
    layers = [*table.rows[:rows], *([("…",)] if len(table.rows) > rows else [])]
    return [tuple(safe(cell).plain for cell in line) for line in (head, *layers, *([total] if with_total else []))]


def _marks(page: Page, table: LayerTable, count: int, *, shortened: bool) -> list[str]:
    layers = count if shortened else count - 1
    differing = {row + 1 for row in table.differing if row + 1 < layers}
    return [page.glyphs.bullet if number in differing else " " for number in range(count)]


def _widths(grid: Sequence[tuple[str, ...]]) -> list[int]:
    columns = max(map(len, grid))
    return [max(cell_len(line[column]) for line in grid if column < len(line)) for column in range(columns)]


def _natural_width(grid: Sequence[tuple[str, ...]]) -> int:
    widths = _widths(grid)
    return 2 + sum(widths) + len(_GAP) * (len(widths) - 1)


def _lines(page: Page, grid: Sequence[tuple[str, ...]], room: int) -> list[str]:
    widths = _widths(grid)
    spare = room - _natural_width(grid)
    if spare < 0:
        widths[0] = max(widths[0] + spare, _NARROWEST)
    return [_line(page, cells, widths) for cells in grid]


def _without_name(cell: str, width: int) -> str:
    """`hidden (Dense, 100, relu)` as `Dense, 100, relu` where there is no room for both: Keras numbers names itself."""
    _name, bracket, rest = cell.partition(" (")
    return rest.removesuffix(")") if bracket and rest.endswith(")") and cell_len(cell) > width else cell


def _line(page: Page, cells: Sequence[str], widths: Sequence[int]) -> str:
    """The cells in columns, the last one at its right edge, as numbers stand."""
    shown = []
    for column, cell in enumerate(cells):
        text = page.cut(Line(_without_name(cell, widths[column])), widths[column]).plain
        padding = " " * (widths[column] - cell_len(text))
        shown.append(padding + text if column == len(widths) - 1 else text + padding)
    return _GAP.join(shown).rstrip()
