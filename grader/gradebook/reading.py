"""Reading a gradebook: its students, runs, reports and changes, each call at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Row, Select, select

from grader.errors import InternalError, UsageError
from grader.gradebook.opening import Gradebook, reading
from grader.gradebook.records import Change, ChangeKind, Event, Run, Student
from grader.gradebook.tables import CHANGES, RUNS, STUDENTS, SUBMISSIONS
from grader.gradebook.texts import stored_id
from grader.language import _
from grader.records import Report, Verdict

_JOINED: Final = RUNS.join(SUBMISSIONS).join(STUDENTS)
_RUN: Final = (
    RUNS.c.id,
    STUDENTS.c.student,
    SUBMISSIONS.c.exercise,
    SUBMISSIONS.c.attempt,
    SUBMISSIONS.c.sha256,
    SUBMISSIONS.c.path,
    SUBMISSIONS.c.handed_in,
    SUBMISSIONS.c.marked_late,
    RUNS.c.verdict,
    RUNS.c.earned,
    RUNS.c.possible,
    RUNS.c.fingerprint,
    RUNS.c.finished_at,
)
_CHUNK: Final = 200
"""Reports read at a time; each may hold a picture."""
Found = Row[*tuple[Any, ...]]


def students(book: Gradebook) -> tuple[Student, ...]:
    """Everyone in the gradebook, by id."""
    columns = (STUDENTS.c.student, STUDENTS.c.name, STUDENTS.c.email, STUDENTS.c.section)
    with reading(book) as connection:
        rows = connection.execute(select(*columns)).all()
    found = (Student(id=row.student, name=row.name, email=row.email, section=row.section) for row in rows)
    # Sorted here: a server's own order depends on its locale.
    return tuple(sorted(found, key=lambda student: student.id))


def runs(book: Gradebook, *, student: str | None = None, exercise: str | None = None) -> tuple[Run, ...]:
    """Every run, or those of one student or exercise, in the order in which they were recorded."""
    asked = _narrowed(select(*_RUN).select_from(_JOINED).order_by(RUNS.c.id), student, SUBMISSIONS.c.exercise, exercise)
    with reading(book) as connection:
        return tuple(_run(row) for row in connection.execute(asked))


def report_of(book: Gradebook, run: int) -> Report:
    """The report of one run. Raises UsageError for a run that there is not."""
    with reading(book) as connection:
        stored = connection.execute(select(RUNS.c.report).where(RUNS.c.id == run)).scalar()
    if stored is None:
        raise UsageError(_("The gradebook has no run {run}; `grade book --history` lists them.", run=run))
    return _report(stored, run)


def reports_of(book: Gradebook, numbers: Iterable[int]) -> Iterator[tuple[int, Report]]:
    """The reports of many runs with their numbers, a few at a time, in the order of `numbers`."""
    wanted = list(numbers)
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        with reading(book) as connection:
            rows = connection.execute(select(RUNS.c.id, RUNS.c.report).where(RUNS.c.id.in_(chunk))).all()
        stored = {row.id: row.report for row in rows}
        for number in chunk:
            yield number, _report(stored[number], number)


def changes(book: Gradebook, *, student: str | None = None, exercise: str | None = None) -> tuple[Change, ...]:
    """What was changed by hand, oldest first. Those of one student include the ones for everyone."""
    columns = (CHANGES.c.kind, STUDENTS.c.student, *(CHANGES.c[name] for name in _CHANGE))
    asked = select(*columns).select_from(CHANGES.outerjoin(STUDENTS)).order_by(CHANGES.c.id)
    if student is not None:
        asked = asked.where((STUDENTS.c.student == stored_id(student)) | CHANGES.c.student_id.is_(None))
    if exercise is not None:
        asked = asked.where(CHANGES.c.exercise == exercise)
    with reading(book) as connection:
        return tuple(_change(row) for row in connection.execute(asked))


def history(book: Gradebook, *, student: str | None = None, exercise: str | None = None) -> tuple[Event, ...]:
    """Every run and every change by hand, oldest first."""
    found = [
        *(Event(when=run.finished_at, run=run, change=None) for run in runs(book, student=student, exercise=exercise)),
        *(
            Event(when=change.when, run=None, change=change)
            for change in changes(book, student=student, exercise=exercise)
        ),
    ]
    return tuple(sorted(found, key=lambda event: event.when))


_CHANGE: Final = ("exercise", "number", "text", "until", "who", "why", "made_at")


def _narrowed(asked: Select[Any], student: str | None, column: Any, exercise: str | None) -> Select[Any]:
    if student is not None:
        asked = asked.where(STUDENTS.c.student == stored_id(student))
    return asked if exercise is None else asked.where(column == exercise)


def _run(row: Found) -> Run:
    values = dict(row._mapping)  # noqa: SLF001 - the library's public name for it
    return Run(**{**values, "verdict": Verdict(row.verdict)})


def _change(row: Found) -> Change:
    kind = ChangeKind(row.kind)
    values: dict[ChangeKind, float | str | datetime | None] = {
        ChangeKind.COMMENT: row.text,
        ChangeKind.DROPPED: row.text,
        ChangeKind.EXTENSION: row.until,
        ChangeKind.DEADLINE: row.until,
    }
    return Change(
        kind=kind,
        student=row.student,
        exercise=row.exercise,
        value=values.get(kind, row.number),
        who=row.who,
        why=row.why,
        when=row.made_at,
    )


def _report(stored: str, run: int) -> Report:
    try:
        return msgspec.json.decode(stored, type=Report)
    except msgspec.MsgspecError as error:
        raise InternalError(
            _("The report of run {run} cannot be read: {reason}.", run=run, reason=str(error))
        ) from error
