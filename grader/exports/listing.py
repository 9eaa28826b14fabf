"""Entries of a gradebook and its history for programs: JSON with a format's name, and CSV with a row for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from grader.exports.sheets import Sheet, defused, number, written
from grader.gradebook import Change, Entry, Event

BOOK_FORMAT: Final = "grade-book/1"
_ENTRY_COLUMNS: Final = (
    *("student", "name", "email", "section", "exercise", "run", "attempt", "attempts", "verdict", "handed_in"),
    *("deadline", "days_late", "late", "earned", "factor", "adjustment", "points", "possible", "comment"),
)
_EVENT_COLUMNS: Final = (
    *("when", "who", "student", "exercise", "what", "value", "why", "run", "attempt", "verdict", "earned", "possible"),
)


def entries_json(table: Sequence[Entry]) -> str:
    """`table` as indented JSON with a newline at the end: `{"format": "grade-book/1", "entries": [...]}`."""
    return _json({"format": BOOK_FORMAT, "entries": [_entry(entry) for entry in table]})


def history_json(events: Sequence[Event]) -> str:
    """`events` as indented JSON with a newline at the end: `{"format": "grade-book/1", "history": [...]}`."""
    return _json({"format": BOOK_FORMAT, "history": [_event(event) for event in events]})


def entries_csv(table: Sequence[Entry]) -> str:
    """`table` as CSV, a row an entry."""
    return _csv(_ENTRY_COLUMNS, [_entry(entry) for entry in table])


def history_csv(events: Sequence[Event]) -> str:
    """`events` as CSV, a row an event; a run's `what` is `run`."""
    return _csv(_EVENT_COLUMNS, [_event(event) for event in events])


def _entry(entry: Entry) -> dict[str, Any]:
    student = {"student": entry.student.id, **msgspec.to_builtins(entry.student)}
    values = student | msgspec.to_builtins(entry) | {"student": entry.student.id, "late": entry.late}
    return {name: values[name] for name in _ENTRY_COLUMNS}


def _event(event: Event) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(_EVENT_COLUMNS)
    if event.run is not None:
        values |= {name: item for name, item in msgspec.to_builtins(event.run).items() if name in values}
        values |= {"what": "run", "run": event.run.id}
    if event.change is not None:
        values |= _change(event.change)
    return values | {"when": event.when.isoformat()}


def _change(change: Change) -> dict[str, Any]:
    value = change.value.isoformat() if isinstance(change.value, datetime) else change.value
    return {
        "who": change.who,
        "student": change.student,
        "exercise": change.exercise,
        "what": change.kind.value,
        "value": value,
        "why": change.why,
    }


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def _csv(columns: Sequence[str], records: Sequence[dict[str, Any]]) -> str:
    rows = tuple(tuple(_cell(record[column]) for column in columns) for record in records)
    return written(Sheet(header=tuple(columns), rows=rows))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number(float(value))
    return defused(str(value))
