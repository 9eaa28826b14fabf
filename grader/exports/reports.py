"""The reports of the runs that count, student by student, as the formats of single reports want them."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final
from urllib.parse import quote

import msgspec

from grader.exports.reckoning import account
from grader.gradebook import Entry, Gradebook, reports_of
from grader.language import Translator, _
from grader.records import Report, Score
from grader.report import NoSubmission

_LONGEST_NAME: Final = 120
_MOST_BYTES: Final = 200
"""of 255, which is what file systems take, so that a draft's name has room"""
_LETTERS: Final = " @+,;=!()[]{}~"
"""What may stand in a folder's name besides letters, digits and `-_.`, on any system."""


def counting_reports(
    book: Gradebook, table: Sequence[Entry], translator: Translator
) -> Iterator[tuple[str, tuple[Report | NoSubmission, ...]]]:
    """Each student of `table` with the reports of the runs that count, in its order; one student at a time.

    A report's score is what counts in the end, late or adjusted; a note says so where that is not what the run earned.
    Points by hand for what was not handed in stand among the reports. Students who have neither are left out. Raises
    UsageError and InternalError where the gradebook cannot be read.
    """
    shown = [entry for entry in table if entry.run is not None or entry.points is not None]
    reports = reports_of(book, [entry.run for entry in shown if entry.run is not None])
    for student, mine in groupby(shown, key=lambda entry: entry.student.id):
        yield (
            student,
            tuple(
                _absent(entry, translator) if entry.run is None else counted(next(reports)[1], entry, translator)
                for entry in mine
            ),
        )


def folder_name(student: str) -> str:
    """A name for a student's file or folder that every system takes, different for different students.

    Letters of any script stay, so that an instructor finds a folder by its name.
    """
    name = "".join(_written(character) for character in student)
    if name.strip(". ") != name or not name:
        name = "".join(f"%{ord(character):02X}" if character in ". " else character for character in name)
    if len(name) <= _LONGEST_NAME and len(name.encode()) <= _MOST_BYTES:
        return name
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    kept = name[: _LONGEST_NAME - len(digest) - 1]
    while len(kept.encode()) > _MOST_BYTES - len(digest) - 1:
        kept = kept[:-1]
    return f"{kept}~{digest}"


def _written(character: str) -> str:
    """A character as it may stand in a name, or its bytes.

    One that a system could write in another way is another student's there: macOS takes letters apart and puts them
    together again, and marks that join what is before them do so.
    """
    if character.isascii():
        plain = character.isalnum() or character in f"-_.{_LETTERS}"
    else:
        plain = character.isalnum() and unicodedata.normalize("NFC", character) == character
    return character if plain else quote(character.encode("utf-8", "surrogatepass"), safe="")


def counted(report: Report, entry: Entry, translator: Translator) -> Report:
    """`report`, of the run that counts, with the score that counts.

    Notes say how that came about where it is not what the run earned, and which attempt it is where there were several.
    """
    notes = list(account(entry, translator))
    if entry.attempts > 1:
        which = _(
            "This is attempt {attempt} of {count}, the one that counts.", attempt=entry.attempt, count=entry.attempts
        )
        notes.append(translator.render(which))
    if not notes:
        return report
    return msgspec.structs.replace(report, score=_score(entry), notes=(*notes, *report.notes))


def _absent(entry: Entry, translator: Translator) -> NoSubmission:
    return NoSubmission(
        exercise=entry.exercise,
        title=entry.exercise,
        reason=None,
        score=_score(entry),
        notes=account(entry, translator),
    )


def _score(entry: Entry) -> Score | None:
    return None if entry.points is None else Score(earned=entry.points, possible=entry.possible)
