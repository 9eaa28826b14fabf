"""What is recorded comes back as it was, in SQLite and in PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from grader.errors import UsageError
from grader.gradebook import (
    Change,
    ChangeKind,
    Gradebook,
    Handing,
    Student,
    enrol,
    history,
    open_gradebook,
    record_change,
    record_handings,
    record_run,
    report_of,
    reports_of,
    runs,
    stored_id,
    students,
)
from tests.gradebook.cohorts import HOSTILE_NAMES, NOON, a_check, a_report, put

HOUR = timedelta(hours=1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def book(request: pytest.FixtureRequest) -> Iterator[Gradebook]:
    where = request.getfixturevalue("file" if request.param == "sqlite" else "address")
    with open_gradebook(where) as opened:
        yield opened


def a_change(kind: ChangeKind, value: float | str | datetime | None, student: str | None = "ann") -> Change:
    return Change(kind=kind, student=student, exercise="one", value=value, who="prof", why="because", when=NOON)


def test_a_report_comes_back_as_it_was(book: Gradebook) -> None:
    report = a_report(checks=[a_check(message="expected 10\x00, got \U0001f393 'x'\"")])
    recorded = record_run(book, "ann", report, fingerprint="f")
    assert report_of(book, recorded.run) == report


def test_a_report_with_half_characters_comes_back_with_them_written_out(book: Gradebook) -> None:
    recorded = record_run(book, "ann", a_report(checks=[a_check(message="got '\udc80'")]), fingerprint="f")
    assert report_of(book, recorded.run).checks[0].message == "got '\\udc80'"


def test_earlier_runs_stay_as_history(book: Gradebook) -> None:
    first = put(book, earned=3.0)
    second = put(book, earned=9.0)
    assert [(run.id, run.attempt, run.earned) for run in runs(book)] == [(first.run, 1, 3.0), (second.run, 1, 9.0)]
    assert [report.score.earned for _, report in reports_of(book, [second.run, first.run]) if report.score] == [
        9.0,
        3.0,
    ]


def test_an_ungraded_run_has_no_points(book: Gradebook) -> None:
    put(book, earned=None)
    (run,) = runs(book)
    assert (run.verdict.value, run.earned, run.possible) == ("ungraded", None, None)


def test_times_come_back_in_utc(book: Gradebook) -> None:
    put(book, handed_in=datetime(2026, 3, 20, 21, tzinfo=ZoneInfo("Asia/Seoul")))
    (run,) = runs(book)
    assert run.handed_in == NOON
    assert run.handed_in is not None
    assert run.handed_in.utcoffset() == timedelta(0)


def test_a_time_without_a_time_zone_is_refused(book: Gradebook) -> None:
    with pytest.raises(ValueError, match="time zone"):
        put(book, handed_in=datetime(2026, 3, 20, 12))  # noqa: DTZ001 - that is the point
    assert runs(book) == ()
    assert students(book) == ()


def test_other_bytes_are_another_attempt_and_the_same_are_not(book: Gradebook) -> None:
    assert [put(book, content=content).attempt for content in "aabba"] == [1, 1, 2, 2, 1]
    assert put(book, "ben", content="b").attempt == 1
    assert put(book, exercise="two", content="b").attempt == 1


def test_bytes_that_come_back_after_others_are_an_attempt_of_their_own(book: Gradebook) -> None:
    assert put(book, content="a", handed_in=NOON).attempt == 1
    assert put(book, content="b", handed_in=NOON + HOUR).attempt == 2
    assert put(book, content="a", handed_in=NOON + 2 * HOUR).attempt == 3
    assert put(book, content="a", handed_in=NOON + 2 * HOUR).attempt == 3


def test_the_same_bytes_were_handed_in_when_they_first_were(book: Gradebook) -> None:
    for hours in (1, 2, 0):
        put(book, handed_in=NOON + hours * HOUR)
    assert {run.handed_in for run in runs(book)} == {NOON}


def test_what_is_known_of_a_student_grows_and_is_never_emptied(book: Gradebook) -> None:
    put(book, "ann")
    enrol(book, [Student(id="ann", name="Ann", email="ann@x"), Student(id="ben")])
    enrol(book, [Student(id="ann", name="Ann Lee", section="B")])
    ann = Student(id="ann", name="Ann Lee", email="ann@x", section="B")
    assert students(book) == (ann, Student(id="ben"))


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
def test_no_name_is_too_strange(name: str, book: Gradebook) -> None:
    recorded = put(book, Student(id=name, name=name, email=name, section=name), path=name)
    (student,) = students(book)
    assert student.id == recorded.student == stored_id(name)
    assert len(student.id) <= 200
    assert student.name.encode() == name.replace("\x00", "\\x00").encode("utf-8", "backslashreplace")
    assert [run.student for run in runs(book, student=name)] == [student.id]
    record_change(book, msgspec.structs.replace(a_change(ChangeKind.COMMENT, name, name), who=name, why=name))
    assert [event.change.value for event in history(book, student=name) if event.change] == [student.name]


def test_long_ids_that_begin_alike_stay_apart() -> None:
    assert stored_id("x" * 300 + "a") != stored_id("x" * 300 + "b")
    with pytest.raises(ValueError, match="without an id"):
        stored_id("")


def test_what_becomes_known_of_a_submission_that_is_not_graded_again_is_noted(book: Gradebook) -> None:
    put(book, "ann")
    put(book, "ben", handed_in=NOON, marked_late=True)
    ann, ben = runs(book)
    later = NOON + HOUR
    record_handings(
        book,
        [
            Handing(run=ann, handed_in=later, marked_late=None),
            Handing(run=ben, handed_in=later, marked_late=False),
        ],
    )
    assert [(run.handed_in, run.marked_late) for run in runs(book)] == [(later, None), (NOON, False)]
    record_handings(book, [Handing(run=ann, handed_in=NOON, marked_late=None)])
    assert runs(book)[0].handed_in == NOON


def test_enrolling_a_class_again_writes_only_what_is_new(book: Gradebook) -> None:
    enrol(book, [Student(id=f"s{number}", name="N") for number in range(50)])
    enrol(book, [Student(id="s1"), Student(id="s2", name="Other"), Student(id="new", email="n@x")])
    found = {student.id: (student.name, student.email) for student in students(book)}
    assert len(found) == 51
    assert [found[id_] for id_ in ("s1", "s2", "new")] == [("N", ""), ("Other", ""), ("", "n@x")]


def test_history_tells_runs_and_changes_with_who_when_and_why(book: Gradebook) -> None:
    put(book, "ann")
    put(book, "ben")
    record_change(book, a_change(ChangeKind.ADD, 1.5))
    record_change(book, a_change(ChangeKind.DEADLINE, NOON, None))
    record_change(book, a_change(ChangeKind.ADD, None))
    events = history(book, student="ann")
    assert [event.change.value for event in events if event.change] == [1.5, NOON, None]
    assert {(event.change.who, event.change.why, event.when) for event in events if event.change} == {
        ("prof", "because", NOON)
    }
    assert [event.run.student for event in events if event.run] == ["ann"]


def test_changes_for_unknown_students_and_attempts_are_refused(book: Gradebook) -> None:
    put(book)
    with pytest.raises(UsageError, match="no student eve"):
        record_change(book, a_change(ChangeKind.ADD, 1.0, "eve"))
    with pytest.raises(UsageError, match="no attempt 7 of one; there are 1"):
        record_change(book, a_change(ChangeKind.ATTEMPT, 7.0))
    assert [event for event in history(book) if event.change] == []


def test_an_attempt_of_who_handed_nothing_in_is_refused_in_words_of_its_own(book: Gradebook) -> None:
    enrol(book, [Student(id="ann")])
    with pytest.raises(UsageError, match=r"^ann has handed nothing in for one, so there is no attempt"):
        record_change(book, a_change(ChangeKind.ATTEMPT, 3.0))


def test_points_below_nothing_are_refused(book: Gradebook) -> None:
    put(book)
    with pytest.raises(UsageError, match="below 0"):
        record_change(book, a_change(ChangeKind.SET, -5.0))
    record_change(book, a_change(ChangeKind.SET, 0.0))
    record_change(book, a_change(ChangeKind.ADD, -5.0))
    assert [event.change.value for event in history(book) if event.change] == [0.0, -5.0]


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        (ChangeKind.SET, 9.0, "no points of ann for one"),
        (ChangeKind.COMMENT, "Good", "ann has no comment on one"),
        (ChangeKind.EXTENSION, NOON, "ann has no extension for one"),
        (ChangeKind.DEADLINE, NOON, "the deadline of one was not changed"),
        (ChangeKind.ATTEMPT, 1, "no attempt of ann at one was chosen"),
    ],
)
def test_only_what_holds_can_be_withdrawn(
    kind: ChangeKind, value: float | str | datetime, told: str, book: Gradebook
) -> None:
    put(book, "ann")
    put(book, "ben")
    whose = None if kind is ChangeKind.DEADLINE else "ann"
    # What is somebody else's is no reason to take anything back from ann.
    record_change(book, a_change(kind, value, None if whose is None else "ben"))
    if whose is None:
        record_change(book, a_change(kind, None, None))
    with pytest.raises(UsageError, match=told):
        record_change(book, a_change(kind, None, whose))
    record_change(book, a_change(kind, value, whose))
    record_change(book, a_change(kind, None, whose))
    with pytest.raises(UsageError, match=told):
        record_change(book, a_change(kind, None, whose))


def test_added_points_are_withdrawn_as_points_that_were_set_are(book: Gradebook) -> None:
    put(book)
    record_change(book, a_change(ChangeKind.ADD, 1.0))
    record_change(book, a_change(ChangeKind.SET, None))
    with pytest.raises(UsageError, match="nothing to withdraw"):
        record_change(book, a_change(ChangeKind.ADD, None))


def test_there_is_no_report_of_a_run_that_never_was(book: Gradebook) -> None:
    with pytest.raises(UsageError, match="no run 5"):
        report_of(book, 5)


def test_runs_are_recorded_at_the_time_they_are_recorded(book: Gradebook) -> None:
    before = datetime.now(UTC)
    put(book)
    (run,) = runs(book)
    assert before <= run.finished_at <= datetime.now(UTC)
