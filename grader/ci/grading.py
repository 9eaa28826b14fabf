"""Grading collected submissions: bytes into a folder of our own, and a report for each."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import msgspec

from grader.ci.records import Collected, SubmittedFile, refusal_sentence
from grader.course import Course, in_language
from grader.errors import SubmissionError, UsageError
from grader.grading import GradingOptions, Session, as_shown
from grader.language import Text, Translator, _
from grader.records import Record, Report, SubmissionFacts
from grader.report import NoSubmission


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of a request: an entry for each exercise that it hands in, as the course shows it to its student.

    `possible` are the points of those exercises by id, whether or not they could be graded.
    """

    collected: Collected
    entries: tuple[Report | NoSubmission, ...]
    possible: Mapping[str, float]


class Absent(Record, frozen=True, kw_only=True):
    """A `NoSubmission` whose reason is rendered."""

    exercise: str
    title: str
    reason: str


class Kept(Record, frozen=True, kw_only=True):
    """What is graded, as a file for a later step of the same job, which needs no course any more."""

    language: str
    possible: dict[str, float]
    collected: Collected
    reports: tuple[Report, ...]
    absent: tuple[Absent, ...]


def kept(graded: Graded, translator: Translator) -> bytes:
    """`graded` as JSON, without the submissions' bytes."""
    collected = msgspec.structs.replace(graded.collected, submissions=())
    found = Kept(
        language=translator.language,
        possible=dict(graded.possible),
        collected=collected,
        reports=tuple(entry for entry in graded.entries if isinstance(entry, Report)),
        absent=tuple(
            Absent(exercise=entry.exercise, title=entry.title, reason=translator.render(entry.reason or ""))
            for entry in graded.entries
            if isinstance(entry, NoSubmission)
        ),
    )
    return msgspec.json.encode(found)


def read_kept(file: Path) -> tuple[Graded, str]:
    """What an earlier step has graded, and the language that it did so in. Raises UsageError."""
    try:
        found = msgspec.json.decode(file.read_bytes(), type=Kept)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            _("{file} holds nothing that was graded: {reason}.", file=str(file), reason=str(error))
        ) from error
    absent = tuple(NoSubmission(exercise=one.exercise, title=one.title, reason=one.reason) for one in found.absent)
    return Graded(found.collected, (*found.reports, *absent), found.possible), found.language


def grade_collected(
    course: Course,
    collected: Collected,
    options: GradingOptions,
    translator: Translator,
    progress: Callable[[Text], None],
) -> Graded:
    """Grade them all in one session. Raises UsageError for an exercise that there is not, and InternalError."""
    with Session(course, options, progress) as session:
        entries = tuple(_entry(session, course, submitted, translator) for submitted in collected.submissions)
    possible = {entry.exercise: course.exercise(entry.exercise).possible for entry in entries}
    return Graded(collected, entries, possible)


def _entry(session: Session, course: Course, submitted: SubmittedFile, translator: Translator) -> Report | NoSubmission:
    exercise = course.exercise(submitted.exercise)
    title = in_language(exercise.title, translator.language)
    if submitted.refusal is not None:
        why = translator.render(refusal_sentence(submitted))
        return NoSubmission(exercise=exercise.id, title=title, reason=f"{submitted.path}: {why}")
    with tempfile.TemporaryDirectory(prefix="grade-ci-") as name:
        folder = Path(name)
        for file, content in submitted.files.items():
            (folder / file).write_bytes(content)
        try:
            report = session.grade(exercise, folder / PurePosixPath(submitted.path).name)
        except SubmissionError as error:
            # Where its bytes lie for the moment says nothing to anybody.
            reason = translator.render(error.message).replace(f"{folder}/", "")
            return NoSubmission(exercise=exercise.id, title=title, reason=reason)
    facts = SubmissionFacts(path=submitted.path, sha256=report.submission.sha256)
    own = msgspec.structs.replace(report, submission=facts)
    return as_shown(own, course.showing, datetime.now(UTC), translator)
