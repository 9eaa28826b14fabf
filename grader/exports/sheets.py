"""Tables as CSV: read as other programs write them, written so that no spreadsheet takes a name for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from grader.errors import UsageError
from grader.language import _
from grader.records import Record

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula; some read the wide forms likewise."""
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_AFTER_SPLIT: Final = re.compile(r"([;\t]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_DELIMITERS: Final = (",", ";", "\t")
_BYTE_ORDER_MARK: Final = "\ufeff"
_LONGEST_CELL: Final = 2**20


class Sheet(Record, frozen=True, kw_only=True):
    """A table: the header, and the rows below it, each with as many cells. `delimiter` stands between cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str = ","


def defused(text: str) -> str:
    r"""`text`, with an apostrophe before what a spreadsheet would take for a formula.

    Some split at `;` whatever the file says. Control characters are written out, as in `\x1b`: a terminal obeys them.
    """
    text = _CONTROLS.sub(lambda found: rf"\x{ord(found[0]):02x}", text)
    text = _AFTER_SPLIT.sub(r"\1'", text)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS) else text


def number(value: float | None) -> str:
    """Points as a cell: at most two decimals, no trailing zeros; empty for None."""
    return "" if value is None else f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def written(sheet: Sheet) -> str:
    """`sheet` as CSV with a newline after each row. Cells are written as they are."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=sheet.delimiter, lineterminator="\n").writerows([sheet.header, *sheet.rows])
    return stream.getvalue()


def read_sheet(text: str, name: str) -> Sheet:
    """The table in `text`, which is the file `name`. The delimiter is the one that its first line has most of.

    Short rows are filled with empty cells. Raises UsageError for what is no table.
    """
    text = text.removeprefix(_BYTE_ORDER_MARK)
    first_line = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first_line.count)
    try:
        rows = list(_reader(text, delimiter))
    except csv.Error as error:
        raise UsageError(_("{file} is no CSV: {reason}.", file=name, reason=str(error))) from None
    if not rows:
        raise UsageError(_("{file} is empty; export it again.", file=name))
    header, *below = rows
    if any(len(row) > len(header) for row in below):
        raise UsageError(_("{file} has a row with more cells than its header; export it again.", file=name))
    filled = (tuple(row) + ("",) * (len(header) - len(row)) for row in below if row)
    return Sheet(header=tuple(header), rows=tuple(filled), delimiter=delimiter)


def narrowed(sheet: Sheet, columns: Sequence[int]) -> Sheet:
    """`sheet` with only these of its columns, in this order."""
    return Sheet(
        header=tuple(sheet.header[column] for column in columns),
        rows=tuple(tuple(row[column] for column in columns) for row in sheet.rows),
        delimiter=sheet.delimiter,
    )


def _reader(text: str, delimiter: str) -> Iterable[list[str]]:
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    finally:
        csv.field_size_limit(before)
