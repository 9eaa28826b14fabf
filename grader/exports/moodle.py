"""Moodle: points and feedback together, by e-mail address or ID number; feedback alone would wipe points."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from grader.course import Exercise
from grader.errors import UsageError
from grader.exports.canvas import Filled
from grader.exports.matching import columns_of, rows_of
from grader.exports.reckoning import feedback
from grader.exports.sheets import Sheet, defused, number, read_sheet, written
from grader.gradebook import Entry, Student
from grader.language import Translator, _

Key = Literal["email", "id-number"]
KEY_COLUMNS: Final[dict[Key, str]] = {"email": "Email address", "id-number": "ID number"}
_ITEM: Final = re.compile(r"^(?:[^:]*:\s*)?(?P<name>.*\S)\s*\((?P<kind>[^()]*)\)\s*$", re.DOTALL)
"""A column of Moodle's export, such as "Assignment: Exercise 1 (Real)"."""
_FEEDBACK: Final = ("Feedback", "피드백")


def moodle_csv(table: Sequence[Entry], exercise: Exercise, translator: Translator, *, key: Key) -> Filled:
    """A table of one exercise to import into Moodle, of the students with points only.

    One exercise, since an empty cell for another would wipe the points that Moodle has. Students without an e-mail
    address, or with one that a spreadsheet would take for a formula, are told as strangers. Raises UsageError where two
    have the same.
    """
    mine = [entry for entry in table if entry.exercise == exercise.id and entry.points is not None]
    words = [_key_of(entry.student, key) for entry in mine]
    keyed = [(word if defused(word) == word else "", entry) for word, entry in zip(words, mine, strict=True)]
    seen: set[str] = set()
    for word, entry in keyed:
        if word and word in seen:
            raise UsageError(
                _(
                    "Two students have the address {address}; {student} is one of them.",
                    address=word,
                    student=entry.student.id,
                )
            )
        seen.add(word)
    rows = tuple((word, number(entry.points), defused(feedback(entry, translator))) for word, entry in keyed if word)
    header = (KEY_COLUMNS[key], f"{exercise.id} (Real)", f"{exercise.id} (Feedback)")
    strangers = tuple(entry.student.id for word, entry in keyed if not word)
    return Filled(text=written(Sheet(header=header, rows=rows)), strangers=strangers)


def moodle_filled(
    exported: str,
    table: Sequence[Entry],
    exercises: Sequence[Exercise],
    translator: Translator,
    *,
    file: str,
    key: Key,
    columns: Mapping[str, str] | None = None,
) -> Filled:
    """Moodle's own export with points and feedback in the columns of `exercises`; every other cell as it was.

    Raises UsageError for a file without the column of `key`, an exercise without a column of points and one of
    feedback, and students that cannot be told apart.
    """
    sheet = read_sheet(exported, file)
    if KEY_COLUMNS[key] not in sheet.header:
        raise UsageError(
            _("{file} has no column {column}; export it from Moodle in English.", file=file, column=KEY_COLUMNS[key])
        )
    items = {column: found for column, name in enumerate(sheet.header) if (found := _ITEM.match(name)) is not None}
    names = {column: found["name"] for column, found in items.items() if found["kind"] not in _FEEDBACK}
    places = columns_of(exercises, names, columns or {}, sheet.header, file)
    remarks = {exercise: _feedback_column(sheet, column, file) for exercise, column in places.items()}
    mine = [entry for entry in table if entry.exercise in places and entry.points is not None]
    students = {entry.student.id: entry.student for entry in mine}
    rows = rows_of(students.values(), sheet, [sheet.header.index(KEY_COLUMNS[key])], range(len(sheet.rows)), file)
    cells = [list(row) for row in sheet.rows]
    for entry in mine:
        if entry.student.id in rows:
            row = cells[rows[entry.student.id]]
            row[places[entry.exercise]] = number(entry.points)
            row[remarks[entry.exercise]] = defused(feedback(entry, translator))
    filled = Sheet(header=sheet.header, rows=tuple(map(tuple, cells)), delimiter=sheet.delimiter)
    return Filled(text=written(filled), strangers=tuple(student for student in students if student not in rows))


def _key_of(student: Student, key: Key) -> str:
    if key == "id-number":
        return student.id
    return student.email or (student.id if "@" in student.id else "")


def _feedback_column(sheet: Sheet, column: int, file: str) -> int:
    """The column of feedback that belongs to a column of points."""
    base = sheet.header[column].rpartition("(")[0]
    for place, name in enumerate(sheet.header):
        found = _ITEM.match(name)
        if found is not None and found["kind"] in _FEEDBACK and name.rpartition("(")[0] == base:
            return place
    raise UsageError(
        _(
            "{file} has no column of feedback for {column}; export it again from Moodle, with feedback.",
            file=file,
            column=sheet.header[column],
        )
    )
