"""What `grade book` shows: a cohort as a grid, entries and events as lines, and the same for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.text import Text as Line

from grader.cli.rendering import FORMATS
from grader.cli.streams import View
from grader.errors import UsageError
from grader.exports import entries_csv, entries_json, history_csv, history_json, number
from grader.gradebook import Entry, Event, Gradebook, history
from grader.language import Text, _
from grader.records import Report
from grader.report.page import Page, new_page, safe
from grader.report.words import VERDICT_STYLES, VERDICTS

_NAME_CELLS: Final = 20
_LEAST_CELLS: Final = 7
_MOST_CELLS: Final = 13


def entries_text(table: Sequence[Entry], format_name: str, view: View, *, whole: bool, time_zone: str) -> str:
    """Entries in one of the formats; as text, a grid where they are `whole` and there is room, else a line each.

    Times are told as clocks in `time_zone` show them.
    """
    if format_name == "json":
        return entries_json(table)
    if format_name == "csv":
        return entries_csv(table)
    page = new_page(view.width, unicode=view.unicode)
    exercises = list(dict.fromkeys(entry.exercise for entry in table))
    if not table:
        page.block(view.translator.render(_("Nothing in the gradebook is as you asked.")))
    elif whole and (page.width - _NAME_CELLS) // (len(exercises) + 1) >= _LEAST_CELLS:
        _write_grid(page, table, exercises, view)
    else:
        for entry in table:
            _write_entry(page, entry, view, time_zone)
    return page.text(color=view.color)


def history_text(
    book: Gradebook, format_name: str, view: View, *, student: str | None, exercise: str | None, time_zone: str
) -> str:
    """The history in one of the formats, oldest first. Raises UsageError and InternalError."""
    events = history(book, student=student, exercise=exercise)
    if format_name == "json":
        return history_json(events)
    if format_name == "csv":
        return history_csv(events)
    page = new_page(view.width, unicode=view.unicode)
    for event in events:
        _write_event(page, event, view, time_zone)
    if not events:
        page.block(view.translator.render(_("Nothing in the gradebook is as you asked.")))
    return page.text(color=view.color)


def report_text(report: Report, format_name: str, view: View) -> str:
    """One report, as it was recorded. Raises UsageError for CSV, which no report is written in."""
    if format_name not in FORMATS:
        raise UsageError(_("A report cannot be written as {format}; use text or json.", format=format_name))
    return FORMATS[format_name].one(report, view)


def _write_grid(page: Page, table: Sequence[Entry], exercises: Sequence[str], view: View) -> None:
    cells = min((page.width - _NAME_CELLS) // (len(exercises) + 1), _MOST_CELLS)
    heads = [*_heads(exercises, cells - 2), view.translator.render(_("sum"))]
    page.row(Line(" " * _NAME_CELLS) + _columns(page, [safe(head, "bold") for head in heads], cells))
    by_student: dict[str, list[Entry]] = {}
    for entry in table:
        by_student.setdefault(entry.student.id, []).append(entry)
    for student, mine in by_student.items():
        name = page.cut(safe(student, "cyan"), _NAME_CELLS - 1)
        name.append(" " * (_NAME_CELLS - name.cell_len))
        total = number(sum(entry.points or 0.0 for entry in mine))
        page.row(name + _columns(page, [*map(_cell, mine), safe(total, "bold")], cells))
    page.blank()
    legend = _("- nothing handed in   ? not graded   * late   ! changed by hand")
    page.block(view.translator.render(legend), style="dim")


def _heads(exercises: Sequence[str], cells: int) -> Sequence[str]:
    """The exercises' ids; where they are too long, without what all of them begin with."""
    letters = enumerate(zip(*exercises, strict=False))
    shared = next((place for place, column in letters if len(set(column)) > 1), 0)
    if not shared or max(map(cell_len, exercises)) <= cells:
        return exercises
    return [f"..{exercise[shared:]}" for exercise in exercises]


def _columns(page: Page, words: Sequence[Line], cells: int) -> Line:
    line = Line()
    for word in words:
        shown = page.cut(word, cells - 1)
        line.append(" " * (cells - shown.cell_len))
        line.append_text(shown)
    return line


def _cell(entry: Entry) -> Line:
    signs = ("*" if entry.late else "") + ("!" if entry.adjustment is not None else "")
    unknown = "-" if entry.run is None else "?"
    points = unknown if entry.points is None else number(entry.points)
    return safe(points + signs, VERDICT_STYLES[entry.verdict] if entry.verdict is not None else "dim")


def _write_entry(page: Page, entry: Entry, view: View, time_zone: str) -> None:
    render = view.translator.render
    left = Line.assemble(safe(entry.student.id, "cyan"), "  ", safe(entry.exercise, "bold"))
    if entry.verdict is None:
        right = safe(render(_("nothing handed in")), "dim")
    else:
        right = safe(render(VERDICTS[entry.verdict]), VERDICT_STYLES[entry.verdict])
    if entry.points is not None:
        right.append(f"  {number(entry.points)}/{number(entry.possible)}")
    page.row(left, right)
    if facts := _facts(entry, time_zone):
        page.block(f" {page.glyphs.dot} ".join(map(render, facts)), indent=2, style="dim", rows=3)
    if entry.comment is not None:
        page.block(entry.comment, indent=2, rows=3)


def _facts(entry: Entry, time_zone: str) -> list[Text]:
    facts = []
    if entry.attempt is not None:
        facts.append(_("attempt {attempt} of {count}", attempt=entry.attempt, count=entry.attempts))
    if entry.handed_in is not None:
        facts.append(_("handed in {when}", when=_time(entry.handed_in, time_zone)))
    if entry.deadline is not None:
        facts.append(_("deadline {when}", when=_time(entry.deadline, time_zone)))
    if entry.days_late:
        facts.append(_("days late: {days}, {left} % counts", days=entry.days_late, left=number(entry.factor * 100)))
    elif entry.marked_late:
        facts.append(_("marked late"))
    if entry.adjustment is not None:
        facts.append(_("{points} points by hand", points=f"{entry.adjustment:+g}"))
    return facts


def _write_event(page: Page, event: Event, view: View, time_zone: str) -> None:
    render = view.translator.render
    when = safe(_time(event.when, time_zone), "dim")
    if event.run is not None:
        run = event.run
        what = render(_("run {run}, attempt {attempt}", run=run.id, attempt=run.attempt))
        right = safe(render(VERDICTS[run.verdict]), VERDICT_STYLES[run.verdict])
        if run.earned is not None and run.possible is not None:
            right.append(f"  {number(run.earned)}/{number(run.possible)}")
        page.row(Line.assemble(when, "  ", safe(f"{run.student}  {run.exercise}  "), safe(what, "dim")), right)
    if event.change is not None:
        change = event.change
        whose = render(_("everyone")) if change.student is None else change.student
        value = _time(change.value, time_zone) if isinstance(change.value, datetime) else change.value
        shown = render(_("taken back")) if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        page.row(Line.assemble(when, "  ", safe(f"{whose}  {change.exercise}  {change.kind.value}: {shown}")))
        page.block(render(_("by {who}: {why}", who=change.who, why=change.why)), indent=2, style="dim", rows=3)


def _time(moment: datetime, time_zone: str) -> str:
    return moment.astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d %H:%M")
