"""Reports, courses and gradebooks to test with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.course import Course, Exercise
from grader.gradebook import Gradebook, Policy, RecordedRun, Student, entries, record_run
from grader.gradebook.entries import Entry
from grader.records import (
    CheckReport,
    Environment,
    Limits,
    Outcome,
    Points,
    Report,
    SandboxFacts,
    SandboxLevel,
    Score,
    SubmissionFacts,
    Usage,
    Verdict,
    Visibility,
)

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOSTILE_NAMES = (
    '=HYPERLINK("http://evil","x")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\tcell",
    "two\nlines\r\nthree",
    "Robert'); DROP TABLE students;--",
    '"quoted", and, commas; semicolons',
    "\x00nul",
    "\udc80half",
    "\u202eright to left",
    "홍길동",
    "🎓" * 50,
    "n" * 10_000,
)


def a_check(name: str = "units", outcome: Outcome = Outcome.PASSED, message: str | None = None) -> CheckReport:
    return CheckReport(
        id=name,
        function="build_model",
        title=f"About {name}",
        visibility=Visibility.HIDDEN,
        outcome=outcome,
        points=Points(earned=1.0 if outcome is Outcome.PASSED else 0.0, possible=1.0),
        message=message,
        expected=None,
        observed=None,
        hint=None,
        location=None,
        seconds=0.0,
    )


def a_report(
    exercise: str = "one",
    *,
    earned: float | None = 10.0,
    possible: float = 10.0,
    content: str = "a",
    checks: Sequence[CheckReport] = (),
    path: str = "one.py",
) -> Report:
    """A report; `earned` None is an ungraded one. `content` stands for the submission's bytes."""
    if earned is None:
        verdict = Verdict.UNGRADED
    else:
        verdict = Verdict.PASSED if earned == possible else Verdict.PARTIAL if earned else Verdict.FAILED
    return Report(
        exercise=exercise,
        title="The first",
        language="en",
        submission=SubmissionFacts(path=path, sha256=(content * 64)[:64]),
        verdict=verdict,
        score=None if earned is None else Score(earned=earned, possible=possible),
        checks=tuple(checks) or (a_check(),),
        notes=(),
        metrics=(),
        sandbox=SandboxFacts(level=SandboxLevel.FULL, layers=()),
        usage=Usage(wall_seconds=0.0, cpu_seconds=0.0, peak_memory_bytes=0),
        environment=Environment(grader="0", python="3", tensorflow=None, keras=None),
        seconds=0.1,
    )


def an_exercise(name: str = "one", title: str = "The first", points: float = 10.0) -> Exercise:
    return Exercise(
        id=name,
        stem=name.replace("-", "_"),
        title={"en": title},
        points={f"f_{name}": points},
        folder=Path(name),
        stub=Path(name) / "stub.py",
        tasks={},
        checks=Path(name) / "checks" / f"test_{name}.py",
        imports=(),
        limits=Limits(),
    )


def a_course(*exercises: Exercise, **policies: Any) -> Course:
    return Course(
        folder=Path("course"),
        title={"en": "A course"},
        languages=("en",),
        exercises=exercises or (an_exercise(), an_exercise("two", "The second")),
        dataset=None,
        catalogs=(),
        seed=1,
        policies=policies,
    )


def put(
    book: Gradebook,
    student: str | Student = "ann",
    exercise: str = "one",
    *,
    handed_in: datetime | None = None,
    marked_late: bool | None = None,
    fingerprint: str = "f",
    **about: Any,
) -> RecordedRun:
    """Record a run; `about` is what `a_report` takes."""
    return record_run(
        book,
        student,
        a_report(exercise, **about),
        fingerprint=fingerprint,
        handed_in=handed_in,
        marked_late=marked_late,
    )


def entry_of(book: Gradebook, student: str = "ann", exercise: str = "one", policy: Policy | None = None) -> Entry:
    """The one entry of a student and exercise."""
    table = entries(book, a_course(), policy or Policy())
    (found,) = [entry for entry in table if (entry.student.id, entry.exercise) == (student, exercise)]
    return found
