"""Canvas: the instructor's own export of its gradebook, with our points in the columns of our exercises."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

from grader.course import Exercise
from grader.errors import UsageError
from grader.exports.matching import columns_of, rows_of
from grader.exports.sheets import Sheet, defused, narrowed, number, read_sheet, written
from grader.gradebook import Entry
from grader.language import _
from grader.records import Record

STUDENT: Final = "Student"
POINTS_POSSIBLE: Final = "Points Possible"
_KEYS: Final = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
_FACTS: Final = (STUDENT, *_KEYS, "Root Account", "Section")
"""What Canvas knows students by; every other column is an assignment's or a sum of its own."""
_ASSIGNMENT: Final = re.compile(r"^(?P<name>.*\S)\s*\((?P<id>\d+)\)\s*$", re.DOTALL)


class Filled(Record, frozen=True, kw_only=True):
    """A platform's table with our points in it, and the students with points who have no row there."""

    text: str
    strangers: tuple[str, ...]


def canvas_csv(
    exported: str,
    table: Sequence[Entry],
    exercises: Sequence[Exercise],
    *,
    file: str,
    columns: Mapping[str, str] | None = None,
    scale: bool = False,
) -> Filled:
    """What to import into Canvas: of its own export the columns about students and those of `exercises`, filled in.

    Every row stays, Points Possible among them; a cell for which we have no points stays as it was. With `scale`,
    points are multiplied so that full points stay full where Canvas gives other ones. `columns` names the columns of
    exercises that are called otherwise there.

    Raises UsageError for a file that is not Canvas's, an exercise without a column, other points possible without
    `scale`, and students that cannot be told apart.
    """
    sheet = read_sheet(exported, file)
    if sheet.header[0] != STUDENT or "ID" not in sheet.header:
        raise UsageError(_("{file} is not an export of Canvas's gradebook: {what} is missing.", file=file, what="ID"))
    names = {
        column: found["name"]
        for column, name in enumerate(sheet.header)
        if (found := _ASSIGNMENT.match(name)) is not None
    }
    places = columns_of(exercises, names, columns or {}, sheet.header, file)
    first = _first_student(sheet, file)
    possible = {exercise.id: _possible(sheet, first - 1, places[exercise.id], file) for exercise in exercises}
    factors = {exercise.id: _factor(exercise, possible[exercise.id], file, scale=scale) for exercise in exercises}
    keys = [sheet.header.index(key) for key in _KEYS if key in sheet.header]
    mine = [entry for entry in table if entry.exercise in places and entry.points is not None]
    students = {entry.student.id: entry.student for entry in mine}
    rows = rows_of(students.values(), sheet, keys, range(first, len(sheet.rows)), file)
    cells = [list(row) for row in sheet.rows]
    for row in cells[first:]:
        row[0] = defused(row[0])
    for entry in mine:
        if entry.student.id in rows and entry.points is not None:
            points = entry.points * factors[entry.exercise]
            cells[rows[entry.student.id]][places[entry.exercise]] = number(points)
    kept = [column for column, name in enumerate(sheet.header) if name in _FACTS or column in places.values()]
    filled = Sheet(header=sheet.header, rows=tuple(map(tuple, cells)), delimiter=sheet.delimiter)
    strangers = tuple(student for student in students if student not in rows)
    return Filled(text=written(narrowed(filled, kept)), strangers=strangers)


def _first_student(sheet: Sheet, file: str) -> int:
    """The row below Points Possible, above which Canvas may have others of its own."""
    for number_of_row, row in enumerate(sheet.rows):
        if row[0].strip() == POINTS_POSSIBLE:
            return number_of_row + 1
    raise UsageError(
        _("{file} is not an export of Canvas's gradebook: {what} is missing.", file=file, what=POINTS_POSSIBLE)
    )


def _possible(sheet: Sheet, row: int, column: int, file: str) -> float:
    try:
        possible = float(sheet.rows[row][column])
    except ValueError:
        possible = math.nan
    if not (math.isfinite(possible) and possible > 0):
        raise UsageError(
            _(
                "In {file}, {column} has no points possible; set them in Canvas first.",
                file=file,
                column=sheet.header[column],
            )
        )
    return possible


def _factor(exercise: Exercise, possible: float, file: str, *, scale: bool) -> float:
    if math.isclose(possible, exercise.possible, abs_tol=1e-9):
        return 1.0
    if not scale:
        raise UsageError(
            _(
                "{exercise} gives {ours:g} points here and {theirs:g} in {file}. Change one of them, or use --scale.",
                exercise=exercise.id,
                ours=exercise.possible,
                theirs=possible,
                file=file,
            )
        )
    return possible / exercise.possible
