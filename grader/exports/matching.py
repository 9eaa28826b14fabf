"""Which column of a platform's table is which exercise's, and which of its rows is which student's."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from grader.course import Exercise
from grader.errors import UsageError
from grader.exports.sheets import Sheet
from grader.gradebook import Student
from grader.language import Text, _

_SHOWN: Final = 8
"""Columns named in a refusal; a large course has hundreds."""


def columns_of(
    exercises: Sequence[Exercise], names: Mapping[int, str], given: Mapping[str, str], header: Sequence[str], file: str
) -> dict[str, int]:
    """The column of each exercise: the one `given` for it, else the one whose bare name is its id, stem or title.

    `names` are the bare names of the columns that may be meant. Raises UsageError where there is none or more than one:
    a column that the platform does not know would make a new assignment there.
    """
    found: dict[str, int] = {}
    for exercise in exercises:
        if exercise.id in given:
            fitting = [column for column in names if given[exercise.id] in {header[column], names[column]}]
        else:
            known = {_plain(word) for word in (exercise.id, exercise.stem, *exercise.title.values())}
            fitting = [column for column, name in names.items() if _plain(name) in known]
        if len(fitting) != 1:
            there = ", ".join([header[column] for column in names][:_SHOWN]) or "-"
            raise UsageError(_no_column(exercise.id, given.get(exercise.id), file, there, several=bool(fitting)))
        found[exercise.id] = fitting[0]
    return found


def _no_column(exercise: str, name: str | None, file: str, columns: str, *, several: bool) -> Text:
    """Why no column is the exercise's, where `columns` are those that may be."""
    if several:
        sentence = _(
            "{file} has several columns for {exercise}. Name the one for its points with --column {exercise}=NAME; "
            "there are: {columns}.",
            file=file,
            exercise=exercise,
            columns=columns,
        )
    elif name is not None:
        sentence = _(
            "{file} has no column {name} for the points of {exercise}; there are: {columns}.",
            file=file,
            name=name,
            exercise=exercise,
            columns=columns,
        )
    else:
        sentence = _(
            "{file} has no column for {exercise}. Name the one for its points with --column {exercise}=NAME; there "
            "are: {columns}.",
            file=file,
            exercise=exercise,
            columns=columns,
        )
    return sentence


def rows_of(
    students: Iterable[Student], sheet: Sheet, keys: Sequence[int], rows: Iterable[int], file: str
) -> dict[str, int]:
    """The row of each student that has one: a cell in one of the columns `keys` is the student's id or e-mail address.

    Upper and lower case differ in ids. In an address they do not, unless those of two rows or two students differ in
    nothing else. Raises UsageError where two rows fit one student, or one row two: points in the wrong row would be
    told to somebody else.
    """
    students = tuple(students)
    by_key: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        for column in keys:
            if sheet.rows[row][column]:
                by_key[sheet.rows[row][column]].add(row)
    written = _as_written(students, by_key)
    found: dict[str, int] = {}
    owners: dict[int, str] = {}
    for student in students:
        names = (student.id, *(written.get(address, address) for address in _addresses(student)))
        fitting = {row for name in names for row in by_key.get(name, ())}
        if not fitting:
            continue
        row = min(fitting)
        if len(fitting) > 1 or row in owners:
            raise UsageError(
                _(
                    "In {file}, {student} cannot be told from somebody else. Give each student an id or e-mail address "
                    "of their own, and export again.",
                    file=file,
                    student=student.id,
                )
            )
        found[student.id] = row
        owners[row] = student.id
    return found


def _addresses(student: Student) -> set[str]:
    """The student's e-mail address, which may be the id."""
    return {word for word in (student.email, student.id if "@" in student.id else "") if word}


def _as_written(students: Iterable[Student], keys: Iterable[str]) -> dict[str, str]:
    """The students' addresses that stand among `keys` in other letters only, with what stands there.

    Left out are those of two students, or of two keys, that differ in nothing but upper and lower case.
    """
    there: defaultdict[str, set[str]] = defaultdict(set)
    for key in keys:
        there[key.casefold()].add(key)
    whose: defaultdict[str, set[str]] = defaultdict(set)
    addresses = [(address, student.id) for student in students for address in _addresses(student) if "@" in address]
    for address, student_id in addresses:
        whose[address.casefold()].add(student_id)
    return {
        address: next(iter(there[folded]))
        for address, _student in addresses
        if len(there[folded := address.casefold()]) == len(whose[folded]) == 1
    }


def _plain(name: str) -> str:
    """`name` as people compare names: without case, and with one space for whatever stands between words."""
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", name)).strip().casefold()
