"""Writing into a gradebook: each call is one transaction, whole and committed when it returns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from grader.errors import UsageError
from grader.gradebook.opening import Gradebook, writing
from grader.gradebook.records import Change, ChangeKind, RecordedRun, Student
from grader.gradebook.tables import CHANGES, OUTCOMES, RUNS, STUDENTS, SUBMISSIONS
from grader.gradebook.texts import stored_id, stored_report, stored_text
from grader.language import _
from grader.records import Report


def enrol(book: Gradebook, students: Iterable[Student]) -> None:
    """Enter `students`, or what is new about them: an empty field leaves what is stored. Raises UsageError."""
    with writing(book) as connection:
        for student in students:
            _enrolled(connection, student)


def record_run(
    book: Gradebook,
    student: Student | str,
    report: Report,
    *,
    fingerprint: str,
    handed_in: datetime | None = None,
    marked_late: bool | None = None,
    finished_at: datetime | None = None,
) -> RecordedRun:
    """Record one finished run with its report; what was recorded before stays as it is.

    The submission is the one with the bytes of `report`. The same bytes are the same attempt, handed in when they first
    were, unless other bytes came in between. `marked_late` is what a platform says that tells no time. Raises
    UsageError where the gradebook cannot be written, and ValueError for a time without a time zone.
    """
    if any(moment is not None and moment.tzinfo is None for moment in (handed_in, finished_at)):
        raise ValueError("a time without a time zone")
    who = student if isinstance(student, Student) else Student(id=student)
    with writing(book) as connection:
        student_id = _enrolled(connection, who)
        submission_id, attempt = _submission(
            connection, student_id, report, handed_in=handed_in, marked_late=marked_late
        )
        score = report.score
        run = _inserted(
            connection,
            RUNS,
            submission_id=submission_id,
            fingerprint=fingerprint,
            verdict=report.verdict.value,
            earned=None if score is None else score.earned,
            possible=None if score is None else score.possible,
            finished_at=finished_at or datetime.now(UTC),
            report=stored_report(report),
        )
        rows = [
            {
                "run_id": run,
                "position": position,
                "check_id": stored_text(check.id),
                "function": stored_text(check.function),
                "title": stored_text(check.title),
                "outcome": check.outcome.value,
                "earned": check.points.earned,
                "possible": check.points.possible,
                "message": None if check.message is None else stored_text(check.message),
            }
            for position, check in enumerate(report.checks)
        ]
        if rows:
            connection.execute(insert(OUTCOMES), rows)
    return RecordedRun(run=run, student=stored_id(who.id), exercise=report.exercise, attempt=attempt)


def record_change(book: Gradebook, change: Change) -> None:
    """Record what an instructor changes by hand. Nothing is overwritten: what was recorded last holds.

    Raises UsageError for a student that the gradebook does not have, or an attempt that there is not.
    """
    value = change.value
    with writing(book) as connection:
        student_id = None if change.student is None else _known(connection, change.student)
        if change.kind is ChangeKind.ATTEMPT and value is not None:
            _refuse_unknown_attempt(connection, student_id, change)
        _inserted(
            connection,
            CHANGES,
            kind=change.kind.value,
            student_id=student_id,
            exercise=change.exercise,
            number=float(value) if isinstance(value, (int, float)) else None,
            text=stored_text(value) if isinstance(value, str) else None,
            until=value if isinstance(value, datetime) else None,
            who=stored_text(change.who),
            why=stored_text(change.why),
            made_at=change.when,
        )


def _enrolled(connection: Connection, student: Student) -> int:
    """The number of the student's row, which is made or filled in, and locked where the database locks rows."""
    key = stored_id(student.id)
    given = {name: stored_text(getattr(student, name)) for name in ("name", "email", "section")}
    rows = sqlite if connection.dialect.name == "sqlite" else postgresql
    unknown = {"student": key, "name": "", "email": "", "section": ""}
    connection.execute(rows.insert(STUDENTS).values(unknown).on_conflict_do_nothing(index_elements=["student"]))
    found = connection.execute(select(STUDENTS).where(STUDENTS.c.student == key).with_for_update()).one()
    new = {name: text for name, text in given.items() if text and text != getattr(found, name)}
    if new:
        connection.execute(update(STUDENTS).where(STUDENTS.c.id == found.id).values(new))
    return int(found.id)


def _known(connection: Connection, student: str) -> int:
    row = connection.execute(select(STUDENTS.c.id).where(STUDENTS.c.student == stored_id(student))).first()
    if row is None:
        raise UsageError(_("The gradebook has no student {student}. `grade book` shows who is in it.", student=student))
    return int(row.id)


def _submission(
    connection: Connection,
    student_id: int,
    report: Report,
    *,
    handed_in: datetime | None,
    marked_late: bool | None,
) -> tuple[int, int]:
    """The number of the submission's row, which is made where these bytes are new, and which attempt it is."""
    sha256, exercise = report.submission.sha256, stored_text(report.exercise)
    mine = (SUBMISSIONS.c.student_id == student_id) & (SUBMISSIONS.c.exercise == exercise)
    attempts = connection.execute(select(SUBMISSIONS).where(mine).order_by(SUBMISSIONS.c.attempt)).all()
    same = _same_attempt(attempts, sha256, handed_in)
    if same is not None:
        new: dict[str, object] = {}
        if handed_in is not None and (same.handed_in is None or handed_in < same.handed_in):
            new["handed_in"] = handed_in
        if marked_late is not None and marked_late != same.marked_late:
            new["marked_late"] = marked_late
        if new:
            connection.execute(update(SUBMISSIONS).where(SUBMISSIONS.c.id == same.id).values(new))
        return int(same.id), int(same.attempt)
    attempt = 1 + max((row.attempt for row in attempts), default=0)
    number = _inserted(
        connection,
        SUBMISSIONS,
        student_id=student_id,
        exercise=exercise,
        attempt=attempt,
        sha256=sha256,
        path=stored_text(report.submission.path),
        handed_in=handed_in,
        marked_late=marked_late,
    )
    return number, attempt


def _same_attempt(
    attempts: Sequence[Row[*tuple[Any, ...]]], sha256: str, handed_in: datetime | None
) -> Row[*tuple[Any, ...]] | None:
    """The attempt that these bytes already are; None where they are new, or came back after others had followed."""
    same = next((row for row in reversed(attempts) if row.sha256 == sha256), None)
    if same is None or handed_in is None or same.handed_in is None or handed_in <= same.handed_in:
        return same
    between = [row for row in attempts if row.handed_in is not None and same.handed_in < row.handed_in < handed_in]
    return None if between else same


def _inserted(connection: Connection, table: Table, **values: object) -> int:
    """The number of a new row."""
    result = connection.execute(insert(table).values(values))
    key = result.inserted_primary_key
    assert key is not None  # noqa: S101 - an insert of one row has one
    return int(key[0])


def _refuse_unknown_attempt(connection: Connection, student_id: int | None, change: Change) -> None:
    mine = (SUBMISSIONS.c.student_id == student_id) & (SUBMISSIONS.c.exercise == change.exercise)
    known = (
        connection.execute(select(SUBMISSIONS.c.attempt).where(mine).order_by(SUBMISSIONS.c.attempt)).scalars().all()
    )
    if change.value not in known:
        raise UsageError(
            _(
                "{student} has no attempt {attempt} of {exercise}; there are {known}.",
                student=change.student,
                attempt=f"{change.value:g}" if isinstance(change.value, float) else str(change.value),
                exercise=change.exercise,
                known=", ".join(map(str, known)) or "-",
            )
        )
