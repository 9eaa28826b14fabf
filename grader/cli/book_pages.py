"""What `grade book` shows: entries as a grid or as lines, events as lines, and the same for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text as Line

from grader.cli.book_grid import LEAST_NAME, write_grid
from grader.cli.book_words import kind_of
from grader.cli.rendering import FORMATS
from grader.cli.streams import View
from grader.errors import UsageError
from grader.exports import entries_csv, entries_json, history_csv, history_json, number
from grader.gradebook import ChangeKind, Entry, Event, Gradebook, history
from grader.language import Text, _
from grader.records import Report
from grader.report.page import Page, new_page, safe
from grader.report.words import VERDICT_STYLES, VERDICTS


def entries_text(table: Sequence[Entry], format_name: str, view: View, *, whole: bool, time_zone: str) -> str:
    """Entries in one of the formats; as text, a grid where they are `whole` and there is room, else a line each.

    Times are told as clocks in `time_zone` show them.
    """
    if format_name == "json":
        return entries_json(table)
    if format_name == "csv":
        return entries_csv(table)
    page = new_page(view.width, unicode=view.unicode)
    if not table:
        page.block(view.translator.render(_("Nothing in the gradebook is as you asked.")))
    elif not (whole and write_grid(page, table, view)):
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


def _write_entry(page: Page, entry: Entry, view: View, time_zone: str) -> None:
    render = view.translator.render
    if entry.verdict is None:
        right = safe(render(_("nothing handed in")), "dim")
    else:
        right = safe(render(VERDICTS[entry.verdict]), VERDICT_STYLES[entry.verdict])
    if entry.points is not None:
        right.append(f"  {number(entry.points)}/{number(entry.possible)}")
    student, exercise = safe(entry.student.id, "cyan"), safe(entry.exercise, "bold")
    name = safe(entry.student.name)
    # The name gives way: who it is says the id, and what it is about the exercise.
    room = page.width - sum(line.cell_len + len("  ") for line in (student, exercise, right))
    if name.plain and room >= min(name.cell_len, LEAST_NAME):
        student = Line.assemble(student, "  ", page.cut(name, room))
    page.row(Line.assemble(student, "  ", exercise), right)
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
        what = render(kind_of(change))
        if change.kind is not ChangeKind.DROPPED or change.value is None:
            what = f"{what}: {shown}"
        page.row(Line.assemble(when, "  ", safe("  ".join(filter(None, (whose, change.exercise, what))))))
        page.block(render(_("by {who}: {why}", who=change.who, why=change.why)), indent=2, style="dim", rows=3)


def _time(moment: datetime, time_zone: str) -> str:
    return moment.astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d %H:%M")
