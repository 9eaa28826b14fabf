"""The code cells of a notebook, whatever else the notebook holds and however badly it is formed."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from grader.language import _
from grader.records import Record
from grader.submission.decoding import Fault, cleaned
from grader.submission.explaining import conflict
from grader.submission.measuring import has_more_values

CURRENT_FORMAT = 4
CONVERTED_VALUES = 20_000
"""values in the JSON of a notebook that nbformat may convert; it compares each with a schema, 20,000 in a second"""
_LINE_ENDINGS = re.compile(rb"\r\n|\r|\n")


class Cell(Record, frozen=True, kw_only=True):
    """A code cell. `position` counts all cells of the notebook from 1; `source` is None where it is no text."""

    position: int
    source: str | None


def read_cells(raw: bytes) -> tuple[Cell, ...] | Fault:
    """The code cells in the notebook `raw`, in order, or what keeps it from being read.

    A notebook of format 4 (up to 4.5 and after) has a list of cells, and that is taken as it is: its outputs, its cell
    ids and everything that a schema could find wrong have no part in this. Older formats are nbformat's to convert.
    """
    if not raw.strip():
        return Fault(message=_("This notebook is empty. Save it again in Jupyter."))
    try:
        content = json.loads(raw)
    except json.JSONDecodeError as error:
        return _conflict(raw) or Fault(
            message=_("This is not a whole notebook: its JSON ends or breaks off here. Save it again in Jupyter."),
            line=error.lineno,
        )
    except UnicodeDecodeError as error:
        return Fault(
            message=_("This notebook is not saved as UTF-8. Save it again in Jupyter."),
            line=len(_LINE_ENDINGS.findall(raw, 0, error.start)) + 1,
        )
    except (ValueError, RecursionError):
        # A number of thousands of digits, or brackets nested as deeply: no notebook that Jupyter wrote.
        return _unreadable()
    if isinstance(content, dict) and "cells" not in content:
        content = None if has_more_values(content, CONVERTED_VALUES) else _converted(raw)
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list):
        return _unreadable()
    return tuple(
        Cell(position=position, source=_source(cell.get("source", "")))
        for position, cell in enumerate(cells, 1)
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    )


def _source(value: Any) -> str | None:
    """The text of a cell, which is a string or a list of strings."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = "".join(value)
    return cleaned(value) if isinstance(value, str) else None


def _converted(raw: bytes) -> Any:
    """The notebook `raw` of an older or newer format in the current one; None if nbformat cannot convert it."""
    import nbformat  # noqa: PLC0415 - 0.1 seconds that a notebook of today need not wait for

    try:
        with _quiet():
            return nbformat.reads(raw.decode("utf-8-sig"), as_version=CURRENT_FORMAT)  # type: ignore[no-untyped-call]
    except Exception:  # noqa: BLE001 - on notebooks against the schema it raises whatever its code meets
        return None


@contextmanager
def _quiet() -> Iterator[None]:
    """nbformat says by log and warning what is against the schema, and none of that matters here."""
    import logging  # noqa: PLC0415 - only nbformat needs it

    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)


def _conflict(raw: bytes) -> Fault | None:
    return conflict(cleaned(raw.decode("utf-8", "replace")))


def _unreadable() -> Fault:
    return Fault(message=_("This is not a notebook that can be read. Open it in Jupyter and save it again."))
