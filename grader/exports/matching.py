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
from grader.language import _

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
            raise UsageError(
                _(
                    "{file} has {count} columns for {exercise}. Say which with --column {exercise}=NAME; there are: "
                    "{columns}.",
                    file=file,
                    count=len(fitting),
                    exercise=exercise.id,
                    columns=", ".join([header[column] for column in names][:_SHOWN]) or "-",
                )
            )
        found[exercise.id] = fitting[0]
    return found


def rows_of(
    students: Iterable[Student], sheet: Sheet, keys: Sequence[int], rows: Iterable[int], file: str
) -> dict[str, int]:
    """The row of each student that has one: a cell in one of the columns `keys` is the student's id or e-mail address.

    Upper and lower case differ. Raises UsageError where two rows fit one student, or one row two: points in the wrong
    row would be told to somebody else.
    """
    by_key: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        for column in keys:
            if sheet.rows[row][column]:
                by_key[sheet.rows[row][column]].add(row)
    found: dict[str, int] = {}
    owners: dict[int, str] = {}
    for student in students:
        fitting = by_key.get(student.id, set()) | (by_key.get(student.email, set()) if student.email else set())
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


def _plain(name: str) -> str:
    """`name` as people compare names: without case, and with one space for whatever stands between words."""
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", name)).strip().casefold()
