"""Pure renderers: a report goes in, a string comes out, nothing else happens.

`render_text` and `render_overview` import rich when they are called; importing this package does not.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.language import Translator
from grader.records import Report
from grader.report.absent import NoSubmission
from grader.report.escaping import clip, terminal_safe
from grader.report.grouping import is_withheld, next_check
from grader.report.machine import SCHEMA_FILE, read_report, render_json, render_json_list, render_schema, schema

__all__ = [
    "SCHEMA_FILE",
    "NoSubmission",
    "clip",
    "is_withheld",
    "next_check",
    "read_report",
    "render_json",
    "render_json_list",
    "render_overview",
    "render_schema",
    "render_text",
    "schema",
    "terminal_safe",
]


def render_text(
    report: Report,
    translator: Translator,
    *,
    width: int = 80,
    color: bool = False,
    unicode: bool = True,
    verbose: bool = False,
) -> str:
    """`report` as lines of at most `width` cells (40 to 100), for reading in a terminal.

    The sentences of the page are in `translator`'s language, those of the report in the report's own. With `color`
    the lines hold SGR sequences, and no other control character but the newline in any case. Without `unicode` the
    signs of the page are ASCII. `verbose` shows every check, every note, and what the run used.
    """
    from grader.report.terminal import report_page  # noqa: PLC0415 - rich is imported only where text is rendered

    return report_page(report, translator, width=width, unicode=unicode, verbose=verbose).text(color=color)


def render_overview(
    entries: Sequence[Report | NoSubmission],
    translator: Translator,
    *,
    width: int = 80,
    color: bool = False,
    unicode: bool = True,
) -> str:
    """A line for each of `entries`, in order, with the functions that need work, and the points of all together.

    Exercises without a submission give no points and ask for none; an ungraded one likewise.
    """
    from grader.report.overview import overview_page  # noqa: PLC0415 - rich is imported only where text is rendered

    return overview_page(entries, translator, width=width, unicode=unicode).text(color=color)
