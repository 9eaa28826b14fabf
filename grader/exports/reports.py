"""The reports of the runs that count, student by student, as the formats of single reports want them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final
from urllib.parse import quote

import msgspec

from grader.exports.moodle import feedback
from grader.gradebook import Entry, Gradebook, reports_of
from grader.language import Translator
from grader.records import Report, Score

_LONGEST_NAME: Final = 120
_LETTERS: Final = " @+,;=!()[]{}~"
"""What may stand in a folder's name besides letters, digits and `-_.`, on any system."""


def counting_reports(
    book: Gradebook, table: Sequence[Entry], translator: Translator
) -> Iterator[tuple[str, tuple[Report, ...]]]:
    """Each student of `table` with the reports of the runs that count, in its order; one student at a time.

    A report's score is what counts in the end, late or adjusted; a note says so where that is not what the run earned.
    Students without a run are left out. Raises UsageError and InternalError where the gradebook cannot be read.
    """
    for student, mine in groupby(table, key=lambda entry: entry.student.id):
        entries = {entry.run: entry for entry in mine if entry.run is not None}
        found = reports_of(book, entries)
        reports = tuple(_counted(report, entries[number], translator) for number, report in found)
        if reports:
            yield student, reports


def folder_name(student: str) -> str:
    """A name for a student's file or folder that every system takes, different for different students."""
    name = quote(student, safe=_LETTERS).replace("%20", " ")
    if name.strip(". ") != name or not name:
        name = "".join(f"%{ord(character):02X}" if character in ". " else character for character in name)
    if len(name) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(student.encode()).hexdigest()[:16]
    return f"{name[: _LONGEST_NAME - len(digest) - 1]}~{digest}"


def _counted(report: Report, entry: Entry, translator: Translator) -> Report:
    earned = None if report.score is None else report.score.earned
    if entry.points == earned and entry.comment is None:
        return report
    score = None if entry.points is None else Score(earned=entry.points, possible=entry.possible)
    return msgspec.structs.replace(report, score=score, notes=(feedback(entry, translator), *report.notes))
