"""Writing into a gradebook: each call is one transaction, whole and committed when it returns."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, bindparam, insert, select, update

from grader.errors import UsageError
from grader.gradebook.opening import Gradebook, reading, writing
from grader.gradebook.reading import runs
from grader.gradebook.records import POINTS_KINDS, Change, ChangeKind, Handing, RecordedRun, Run, Student
from grader.gradebook.tables import CHANGES, OUTCOMES, RUNS, STUDENTS, SUBMISSIONS
from grader.gradebook.texts import stored_id, stored_report, stored_text
from grader.language import Text, _
from grader.records import Report

# Statements are made once: to put one together takes longer than to execute it.
_STUDENT: Final = select(STUDENTS).where(STUDENTS.c.student == bindparam("key")).with_for_update()
_ATTEMPTS: Final = (
    select(SUBMISSIONS)
    .where((SUBMISSIONS.c.student_id == bindparam("owner")) & (SUBMISSIONS.c.exercise == bindparam("of")))
    .order_by(SUBMISSIONS.c.attempt)
)
_insertion = functools.cache(insert)


def enrol(book: Gradebook, students: Iterable[Student]) -> None:
    """Enter `students`, or what is new about them: an empty field leaves what is stored. Raises UsageError."""
    with reading(book) as connection:
        stored = {row.student: row for row in connection.execute(select(STUDENTS))}
    new = [student for student in students if _is_news(student, stored.get(stored_id(student.id)))]
    if new:
        with writing(book) as connection:
            for student in new:
                _enrolled(connection, student)


def record_handings(book: Gradebook, handings: Iterable[Handing]) -> None:
    """Note what has become known of submissions that are not graded again: when they were handed in, or how late.

    Raises UsageError.
    """
    known = {(run.student, run.exercise, run.attempt): run for run in runs(book)}
    changed = []
    for handing in handings:
        run = known.get((handing.run.student, handing.run.exercise, handing.run.attempt))
        if run is not None and _news_of(run, handing.handed_in, marked_late=handing.marked_late):
            changed.append(handing)
    if not changed:
        return
    with writing(book) as connection:
        for handing in changed:
            student = select(STUDENTS.c.id).where(STUDENTS.c.student == handing.run.student).scalar_subquery()
            mine = (
                (SUBMISSIONS.c.student_id == student)
                & (SUBMISSIONS.c.exercise == handing.run.exercise)
                & (SUBMISSIONS.c.attempt == handing.run.attempt)
            )
            row = connection.execute(select(SUBMISSIONS).where(mine).with_for_update()).one()
            news = _news_of(row, handing.handed_in, marked_late=handing.marked_late)
            if news:
                connection.execute(update(SUBMISSIONS).where(SUBMISSIONS.c.id == row.id).values(news))


def record_run(
    book: Gradebook,
    student: Student | str,
    report: Report,
    *,
    fingerprint: str,
    identity: str | None = None,
    handed_in: datetime | None = None,
    marked_late: bool | None = None,
    finished_at: datetime | None = None,
) -> RecordedRun:
    """Record one finished run with its report; what was recorded before stays as it is.

    The submission is the one of `identity`, a hash of its bytes and of those of the modules beside it; without, of the
    bytes of `report`. The same bytes are the same attempt, handed in when they first
    were, unless other bytes were handed in between. Only times tell that: the order in which runs are recorded does
    not, since an older download may be graded after a newer one, or at the same time. `marked_late` is what a platform
    says that tells no time. Raises UsageError where the gradebook cannot be written, and ValueError for a time without
    a time zone.
    """
    if any(moment is not None and moment.tzinfo is None for moment in (handed_in, finished_at)):
        raise ValueError("a time without a time zone")
    who = student if isinstance(student, Student) else Student(id=student)
    with writing(book) as connection:
        student_id = _enrolled(connection, who)
        submission_id, attempt = _submission(
            connection,
            student_id,
            report,
            sha256=report.submission.sha256 if identity is None else identity,
            handed_in=handed_in,
            marked_late=marked_late,
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
            connection.execute(_insertion(OUTCOMES), rows)
    return RecordedRun(run=run, student=stored_id(who.id), exercise=report.exercise, attempt=attempt)


def record_change(book: Gradebook, change: Change) -> None:
    """Record what an instructor changes by hand. Nothing is overwritten: what was recorded last holds.

    Raises UsageError for a student that the gradebook does not have, an attempt that there is not, points set below 0,
    and the withdrawal of what does not hold.
    """
    value = change.value
    if change.kind is ChangeKind.SET and isinstance(value, (int, float)) and value < 0:
        raise UsageError(_("Points cannot be set below 0; to take some off, add a negative number."))
    with writing(book) as connection:
        student_id = None if change.student is None else _known(connection, change.student)
        if value is None:
            _refuse_idle_withdrawal(connection, student_id, change)
        elif change.kind is ChangeKind.ATTEMPT:
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


def _is_news(student: Student, row: Row[*tuple[Any, ...]] | None) -> bool:
    """Whether there is something in `student` that the student's row has not."""
    return row is None or any(text and text != getattr(row, name) for name, text in _facts(student).items())


def _facts(student: Student) -> dict[str, str]:
    return {name: stored_text(getattr(student, name)) for name in ("name", "email", "section")}


def _enrolled(connection: Connection, student: Student) -> int:
    """The number of the student's row, which is made or filled in, and locked where the database locks rows."""
    key = stored_id(student.id)
    given = _facts(student)
    found = connection.execute(_STUDENT, {"key": key}).first()
    if found is None:
        connection.execute(_newcomer(connection.dialect.name), {"student": key, "name": "", "email": "", "section": ""})
        found = connection.execute(_STUDENT, {"key": key}).one()
    new = {name: text for name, text in given.items() if text and text != getattr(found, name)}
    if new:
        connection.execute(update(STUDENTS).where(STUDENTS.c.id == found.id).values(new))
    return int(found.id)


@functools.cache
def _newcomer(dialect: str) -> Any:
    """A new student's row, unless another process has just made it."""
    rows: Any = importlib.import_module(f"sqlalchemy.dialects.{dialect}")  # PostgreSQL's takes long to import
    return rows.insert(STUDENTS).on_conflict_do_nothing(index_elements=["student"])


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
    sha256: str,
    handed_in: datetime | None,
    marked_late: bool | None,
) -> tuple[int, int]:
    """The number of the submission's row, which is made where these bytes are new, and which attempt it is."""
    exercise = stored_text(report.exercise)
    attempts = connection.execute(_ATTEMPTS, {"owner": student_id, "of": exercise}).all()
    same = _same_attempt(attempts, sha256, handed_in)
    if same is not None:
        new = _news_of(same, handed_in, marked_late=marked_late)
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


def _news_of(
    known: Run | Row[*tuple[Any, ...]], handed_in: datetime | None, *, marked_late: bool | None
) -> dict[str, object]:
    """What is new about a submission, by column: the first time counts, and what a platform says last."""
    new: dict[str, object] = {}
    if handed_in is not None and (known.handed_in is None or handed_in < known.handed_in):
        new["handed_in"] = handed_in
    if marked_late is not None and marked_late != known.marked_late:
        new["marked_late"] = marked_late
    return new


def _same_attempt(
    attempts: Sequence[Row[*tuple[Any, ...]]], sha256: str, handed_in: datetime | None
) -> Row[*tuple[Any, ...]] | None:
    """The attempt that these bytes already are; None where they are new, or by the times came back after others."""
    same = next((row for row in reversed(attempts) if row.sha256 == sha256), None)
    if same is None or handed_in is None or same.handed_in is None or handed_in <= same.handed_in:
        return same
    between = [row for row in attempts if row.handed_in is not None and same.handed_in < row.handed_in < handed_in]
    return None if between else same


def _inserted(connection: Connection, table: Table, **values: object) -> int:
    """The number of a new row."""
    result = connection.execute(_insertion(table), values)
    key = result.inserted_primary_key
    assert key is not None  # noqa: S101 - an insert of one row has one
    return int(key[0])


def _refuse_unknown_attempt(connection: Connection, student_id: int | None, change: Change) -> None:
    mine = (SUBMISSIONS.c.student_id == student_id) & (SUBMISSIONS.c.exercise == change.exercise)
    known = (
        connection.execute(select(SUBMISSIONS.c.attempt).where(mine).order_by(SUBMISSIONS.c.attempt)).scalars().all()
    )
    if not known:
        raise UsageError(
            _(
                "{student} has handed nothing in for {exercise}, so there is no attempt that could count.",
                student=change.student,
                exercise=change.exercise,
            )
        )
    if change.value not in known:
        raise UsageError(
            _(
                "{student} has no attempt {attempt} of {exercise}; there are {known}.",
                student=change.student,
                attempt=f"{change.value:g}" if isinstance(change.value, float) else str(change.value),
                exercise=change.exercise,
                known=", ".join(map(str, known)),
            )
        )


def _refuse_idle_withdrawal(connection: Connection, student_id: int | None, change: Change) -> None:
    """Raise UsageError where nothing holds that could be withdrawn: the history would tell of what never was."""
    kinds = POINTS_KINDS if change.kind in POINTS_KINDS else {change.kind}
    mine = (
        CHANGES.c.student_id.is_(None) if student_id is None else CHANGES.c.student_id == student_id,
        CHANGES.c.exercise == change.exercise,
        CHANGES.c.kind.in_(sorted(kinds)),
    )
    columns = (CHANGES.c.number, CHANGES.c.text, CHANGES.c.until)
    last = connection.execute(select(*columns).where(*mine).order_by(CHANGES.c.id.desc()).limit(1)).first()
    if last is None or all(value is None for value in last):
        raise UsageError(_nothing_to_withdraw(change))


def _nothing_to_withdraw(change: Change) -> Text:
    student, exercise = change.student, change.exercise
    match change.kind:
        case ChangeKind.ADD | ChangeKind.SET:
            return _(
                "There is nothing to withdraw: no points of {student} for {exercise} were changed by hand.",
                student=student,
                exercise=exercise,
            )
        case ChangeKind.COMMENT:
            return _(
                "There is nothing to withdraw: {student} has no comment on {exercise}.",
                student=student,
                exercise=exercise,
            )
        case ChangeKind.EXTENSION:
            return _(
                "There is nothing to withdraw: {student} has no extension for {exercise}.",
                student=student,
                exercise=exercise,
            )
        case ChangeKind.DEADLINE:
            return _(
                "There is nothing to withdraw: the deadline of {exercise} was not changed by hand.", exercise=exercise
            )
        case ChangeKind.DROPPED:
            return _("There is nothing to withdraw: {student} is not left out of the class.", student=student)
        case ChangeKind.ATTEMPT:
            return _(
                "There is nothing to withdraw: no attempt of {student} at {exercise} was chosen by hand.",
                student=student,
                exercise=exercise,
            )
