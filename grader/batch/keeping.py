"""Keeping what is done: files that are whole or not there, and the gradebook, which is told last."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from grader.cohort.records import Handed, Owner, Problem
from grader.course import Course, in_language
from grader.errors import UsageError
from grader.exports import counted, folder_name, plain_csv
from grader.gradebook import (
    Entry,
    Gradebook,
    Handing,
    Policy,
    Student,
    enrol,
    entries,
    keep_course,
    record_handings,
    record_run,
    reports_of,
    stored_id,
)
from grader.grading import as_shown
from grader.language import Translator, _, reason_of
from grader.records import Report, SubmissionFacts
from grader.report import CohortEntry, prepare_html, render_html, render_index, render_json

REPORTS: Final = "reports"
INDEX_FILE: Final = "index.html"
GRADES_FILE: Final = "grades.csv"


def student_of(owner: Owner) -> Student:
    """An owner as the gradebook knows students."""
    return Student(id=owner.id, name=owner.name, email=owner.email, section=owner.section)


class Keeper:
    """Where a batch writes: the folder OUT and the gradebook."""

    def __init__(self, out: Path, book: Gradebook, course: Course, policy: Policy, translator: Translator) -> None:
        self._out = out
        self._book = book
        self._course = course
        self._policy = policy
        self._translator = translator

    def begin(self, owners: Iterable[Owner], handings: Iterable[Handing]) -> None:
        """Enter the course, everyone who is known, and what is new of submissions that are not graded again.

        Raises UsageError where the gradebook cannot be written, or is another course's.
        """
        keep_course(self._book, self._course)
        enrol(self._book, map(student_of, owners))
        record_handings(self._book, handings)

    def make_ready(self, imports: Iterable[str]) -> None:
        """Load what the pages are made with, while whoever grades is importing `imports`."""
        prepare_html(self._translator, drawings="tensorflow" in imports)

    def keep(self, handed: Handed, report: Report, *, fingerprint: str, identity: str) -> Report:
        """Write the report's files and then record the run; the report under the submission's own path.

        `identity` tells the student's attempts apart.
        A run is recorded when this returns, and nothing of it counts before. Raises UsageError where something cannot
        be written.
        """
        facts = SubmissionFacts(path=handed.path, sha256=report.submission.sha256)
        own = msgspec.structs.replace(report, submission=facts)
        self._write_report(stored_id(handed.student.id), own)
        record_run(
            self._book,
            student_of(handed.student),
            own,
            fingerprint=fingerprint,
            identity=identity,
            handed_in=handed.handed_in,
            marked_late=handed.late,
        )
        return own

    def finish(self, problems: Sequence[Problem], exercises: Iterable[str]) -> tuple[Entry, ...]:
        """Write what is about the whole cohort, and what is missing of the reports; every entry of the gradebook.

        `problems` are submissions without a report, and why. The index and the table of points are of `exercises`, and
        of all others of which there is anything: their sums are the same. Raises UsageError.
        """
        table = entries(self._book, self._course, self._policy)
        used = dict.fromkeys(entry.exercise for entry in table if entry.run is not None)
        used |= dict.fromkeys(problem.exercise for problem in problems if problem.exercise)
        reasons = self._reasons(problems, next(iter(used), self._course.exercises[0].id))
        among = {*used, *exercises, *(exercise for _student, exercise in reasons)}
        among |= {entry.exercise for entry in table if entry.points is not None}
        shown = [entry for entry in table if entry.exercise in among] or table  # nobody has handed in anything
        title = in_language(self._course.title, self._translator.language)
        index = render_index(self._cohort_entries(shown, reasons), self._translator, title=title)
        write_whole(self._out / INDEX_FILE, index)
        write_whole(self._out / GRADES_FILE, plain_csv(shown))
        return table

    def _cohort_entries(self, shown: Sequence[Entry], reasons: Mapping[tuple[str, str], str]) -> Iterator[CohortEntry]:
        """What the index says of each of `shown`, with the report of the run that counts."""
        reports = reports_of(self._book, [entry.run for entry in shown if entry.run is not None])
        titles = {
            exercise.id: in_language(exercise.title, self._translator.language) for exercise in self._course.exercises
        }
        for entry in shown:
            report = None
            if entry.run is not None:
                _run, earned = next(reports)
                self._write_report(entry.student.id, earned, entry)
                report = counted(earned, entry, self._translator)
            yield self._cohort_entry(entry, report, titles, reasons)

    def _cohort_entry(
        self,
        entry: Entry,
        report: Report | None,
        titles: Mapping[str, str],
        reasons: Mapping[tuple[str, str], str],
    ) -> CohortEntry:
        student = entry.student
        folder = folder_name(student.id)
        return CohortEntry(
            student=student.id,
            name=student.name,
            section=student.section,
            exercise=entry.exercise,
            title=titles[entry.exercise],
            report=report,
            reason=reasons.get((student.id, entry.exercise)),
            link=None if report is None else f"{REPORTS}/{folder}/{entry.exercise}.html",
            points=entry.points if report is None else None,
            possible=entry.possible,
            late=entry.late,
            by_hand=entry.adjustment is not None,
        )

    def _reasons(self, problems: Iterable[Problem], otherwise: str) -> dict[tuple[str, str], str]:
        """Why there is no report, by student and exercise; `otherwise` is the exercise of a problem that names none."""
        reasons: dict[tuple[str, str], str] = {}
        for problem in problems:
            place = (stored_id(problem.student), problem.exercise or otherwise)
            reasons[place] = f"{problem.path}: {self._translator.render(problem.reason)}"
        return reasons

    def _write_report(self, student: str, report: Report, entry: Entry | None = None) -> None:
        """The report's page and its data as the student may see them now, unless they are there as they should be.

        With `entry`, the points are those that count; but not where the course withholds what was earned.
        """
        folder = self._out / REPORTS / folder_name(student)
        page, data = folder / f"{report.exercise}.html", folder / f"{report.exercise}.json"
        shown = as_shown(report, self._course.showing, datetime.now(UTC), self._translator)
        if entry is not None and shown.score == report.score:
            shown = counted(shown, entry, self._translator)
        text = render_json(shown)
        if not (page.is_file() and _holds(data, text)):
            write_whole(page, render_html([shown], self._translator))
            write_whole(data, text)


def _holds(file: Path, text: str) -> bool:
    try:
        return file.read_bytes() == text.encode()
    except OSError:
        return False


def write_whole(path: Path, content: str | bytes) -> None:
    """Write `content` to `path`, text in UTF-8, all of it or nothing. Raises UsageError where that is not possible."""
    draft = path.with_name(f".{path.name}.draft")  # always the same: what a batch that was killed left is written over
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content.encode() if isinstance(content, str) else content)
        draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise UsageError(_("{path} cannot be written: {reason}.", path=str(path), reason=reason_of(error))) from error
