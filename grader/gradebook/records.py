"""What the gradebook is told and tells: frozen records, free of the database. Every time is aware."""

from __future__ import annotations

import enum
from datetime import datetime

from grader.records import Record, Verdict


class Student(Record, frozen=True, kw_only=True):
    """One of a cohort. `id` is what the platform calls the student by; an empty field is not known."""

    id: str
    name: str = ""
    email: str = ""
    section: str = ""


class RecordedRun(Record, frozen=True, kw_only=True):
    """Where a run was recorded: its number in the gradebook, and the attempt that it graded, from 1."""

    run: int
    student: str
    exercise: str
    attempt: int


class Run(Record, frozen=True, kw_only=True):
    """One recorded run of one attempt, without its report. `earned` and `possible` are None where it is ungraded."""

    id: int
    student: str
    exercise: str
    attempt: int
    sha256: str
    path: str
    handed_in: datetime | None
    marked_late: bool | None
    verdict: Verdict
    earned: float | None
    possible: float | None
    fingerprint: str
    finished_at: datetime


class Handing(Record, frozen=True, kw_only=True):
    """What is known of handing in the submission of `run`; `marked_late` is what a platform says that tells no time."""

    run: Run
    handed_in: datetime | None
    marked_late: bool | None


class ChangeKind(enum.StrEnum):
    """What an instructor may change by hand."""

    ADD = "add"
    """points added to, or taken from, what was earned"""
    SET = "set"
    """the points that count, whatever was earned"""
    COMMENT = "comment"
    EXTENSION = "extension"
    """another deadline for one student"""
    DEADLINE = "deadline"
    """another deadline for everyone"""
    ATTEMPT = "attempt"
    """which attempt counts"""
    DROPPED = "dropped"
    """a student who is left out of the class"""


POINTS_KINDS = frozenset({ChangeKind.ADD, ChangeKind.SET})
"""Of these two, the one that was recorded last holds."""


class Change(Record, frozen=True, kw_only=True):
    """A change by hand: who made it, when, and why.

    `student` is None for a `deadline`, which holds for everyone, and `exercise` is empty for `dropped`. `value` is a
    number for `add`, `set` and `attempt`, a text for `comment` and `dropped`, a time for `extension` and `deadline`;
    None takes back what was recorded before.
    """

    kind: ChangeKind
    student: str | None
    exercise: str
    value: float | str | datetime | None
    who: str
    why: str
    when: datetime


class Event(Record, frozen=True, kw_only=True):
    """One line of the history: a run that was recorded, or a change by hand. Exactly one of the two is there."""

    when: datetime
    run: Run | None
    change: Change | None
