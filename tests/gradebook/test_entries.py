"""Which run counts, for how many points, and the class at a glance."""

from __future__ import annotations

from datetime import datetime, timedelta

from grader.gradebook import (
    Attempts,
    Change,
    ChangeKind,
    Gradebook,
    LatePolicy,
    Policy,
    Student,
    WrongMessage,
    enrol,
    entries,
    overview,
    record_change,
)
from grader.records import Outcome, Verdict
from tests.gradebook.cohorts import NOON, a_check, a_course, entry_of, put

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LATE = Policy(deadlines={"one": NOON}, late=LatePolicy(per_cent_a_day=10, floor_per_cent=50))


def change(
    book: Gradebook, kind: ChangeKind, value: float | str | datetime | None, student: str | None = "ann"
) -> None:
    record_change(
        book, Change(kind=kind, student=student, exercise="one", value=value, who="prof", why="because", when=NOON)
    )


def two_attempts(book: Gradebook) -> None:
    put(book, content="a", earned=8.0, handed_in=NOON - HOUR)
    put(book, content="b", earned=6.0, handed_in=NOON + HOUR)


def test_the_best_attempt_counts_or_the_last(book: Gradebook) -> None:
    two_attempts(book)
    best, last = (entry_of(book, policy=Policy(attempts=which)) for which in Attempts)
    assert (best.attempt, best.points, best.attempts) == (1, 8.0, 2)
    assert (last.attempt, last.points, last.attempts) == (2, 6.0, 2)


def test_the_best_attempt_is_best_after_what_being_late_costs(book: Gradebook) -> None:
    put(book, content="a", earned=8.0, handed_in=NOON)
    put(book, content="b", earned=8.5, handed_in=NOON + HOUR)
    entry = entry_of(book, policy=LATE)
    assert (entry.attempt, entry.points, entry.late) == (1, 8.0, False)


def test_the_last_attempt_is_the_one_handed_in_last_whatever_was_graded_last(book: Gradebook) -> None:
    put(book, content="b", earned=6.0, handed_in=NOON + HOUR)
    put(book, content="a", earned=8.0, handed_in=NOON)
    assert entry_of(book, policy=Policy(attempts=Attempts.LAST)).points == 6.0


def test_being_late_costs_what_the_policy_says(book: Gradebook) -> None:
    put(book, earned=8.0, handed_in=NOON + DAY + HOUR)
    entry = entry_of(book, policy=LATE)
    assert (entry.days_late, entry.factor, entry.earned, entry.points) == (2, 0.8, 8.0, 6.4)
    assert entry.late


def test_what_a_platform_marked_late_costs_nothing_where_no_time_is_known(book: Gradebook) -> None:
    put(book, earned=8.0, marked_late=True)
    entry = entry_of(book, policy=LATE)
    assert (entry.late, entry.days_late, entry.points) == (True, 0, 8.0)


def test_a_deadline_moves_for_one_student_or_for_everyone(book: Gradebook) -> None:
    for student in ("ann", "ben"):
        put(book, student, earned=10.0, handed_in=NOON + HOUR)
    change(book, ChangeKind.EXTENSION, NOON + DAY)
    assert [entry_of(book, who, policy=LATE).points for who in ("ann", "ben")] == [10.0, 9.0]
    change(book, ChangeKind.EXTENSION, None)
    assert entry_of(book, policy=LATE).points == 9.0
    change(book, ChangeKind.DEADLINE, NOON + 2 * HOUR, None)
    assert [entry_of(book, who, policy=LATE).points for who in ("ann", "ben")] == [10.0, 10.0]


def test_points_given_by_hand_outlive_grading_again(book: Gradebook) -> None:
    put(book, earned=5.0)
    change(book, ChangeKind.ADD, 1.5)
    change(book, ChangeKind.COMMENT, "Well explained")
    put(book, earned=7.0)
    entry = entry_of(book)
    assert (entry.earned, entry.adjustment, entry.points, entry.comment) == (7.0, 1.5, 8.5, "Well explained")


def test_of_points_added_and_points_set_the_last_one_holds(book: Gradebook) -> None:
    put(book, earned=5.0)
    change(book, ChangeKind.ADD, 1.0)
    change(book, ChangeKind.SET, 9.0)
    assert entry_of(book).points == 9.0
    change(book, ChangeKind.ADD, -20.0)
    assert entry_of(book).points == 0.0
    change(book, ChangeKind.SET, None)
    assert (entry_of(book).points, entry_of(book).adjustment) == (5.0, None)


def test_points_can_be_added_or_set_where_nothing_was_handed_in(book: Gradebook) -> None:
    enrol(book, [Student(id="ann")])
    change(book, ChangeKind.ADD, 2.0)
    assert (entry_of(book).points, entry_of(book).adjustment, entry_of(book).run) == (2.0, 2.0, None)
    change(book, ChangeKind.ADD, -2.0)
    assert entry_of(book).points == 0.0
    change(book, ChangeKind.SET, 4.0)
    assert (entry_of(book).points, entry_of(book).run) == (4.0, None)


def test_points_added_to_what_the_grader_failed_at_count_once_it_is_graded(book: Gradebook) -> None:
    put(book, earned=None)
    change(book, ChangeKind.ADD, 2.0)
    assert (entry_of(book).points, entry_of(book).adjustment) == (None, 2.0)
    put(book, earned=5.0)
    assert entry_of(book).points == 7.0


def test_an_instructor_says_which_attempt_counts(book: Gradebook) -> None:
    two_attempts(book)
    change(book, ChangeKind.ATTEMPT, 2)
    assert entry_of(book).points == 6.0
    change(book, ChangeKind.ATTEMPT, None)
    assert entry_of(book).points == 8.0


def test_a_failure_of_the_grader_costs_nothing(book: Gradebook) -> None:
    put(book, earned=7.0)
    put(book, earned=None)
    assert entry_of(book).points == 7.0
    put(book, "ben", earned=None)
    ungraded = entry_of(book, "ben")
    assert (ungraded.verdict, ungraded.points) == (Verdict.UNGRADED, None)


def test_grading_again_replaces_what_an_attempt_earned(book: Gradebook) -> None:
    put(book, earned=9.0)
    put(book, earned=4.0)
    assert entry_of(book).points == 4.0


def test_a_class_at_a_glance(book: Gradebook) -> None:
    wrong = {"message": "expected 10, got 1", "outcome": Outcome.FAILED}
    for student, earned in (("ann", 10.0), ("ben", 5.0), ("cat", 0.0)):
        units = a_check("units") if earned == 10 else a_check("units", **wrong)  # type: ignore[arg-type]
        other = a_check("shape", Outcome.PASSED if earned else Outcome.SKIPPED)
        put(book, student, earned=earned, checks=[other, units], handed_in=NOON + HOUR)
    put(book, "dan", earned=None)
    enrol(book, [Student(id="eve")])
    glance = overview(book, a_course(), entries(book, a_course(), Policy(deadlines={"one": NOON})))
    one, two = glance.exercises
    assert glance.students == 5
    assert (one.handed_in, one.missing, one.late, one.ungraded) == (4, 1, 3, 1)
    assert one.verdicts == {"passed": 1, "partial": 1, "failed": 1, "ungraded": 1}
    assert (one.mean, one.median) == (5.0, 5.0)
    assert one.histogram == (1, 0, 0, 0, 0, 1, 0, 0, 0, 1)
    hardest, shape = one.checks
    # The ungraded run's one check of the same name has passed.
    assert (hardest.check, hardest.passed, hardest.ran) == ("units", 2, 4)
    assert hardest.messages == (WrongMessage(message="expected 10, got 1", count=2),)
    assert (shape.passed, shape.ran, shape.rate) == (2, 2, 1.0)
    assert (two.handed_in, two.missing, two.mean, two.checks) == (0, 5, None, ())
