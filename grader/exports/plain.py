"""A cohort as a plain table: a row a student, a column an exercise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from grader.exports.sheets import Sheet, defused, number, written
from grader.gradebook import Entry

STUDENT_COLUMNS: Final = ("student", "name", "email", "section")


def plain_csv(table: Sequence[Entry]) -> str:
    """`table`, as `grader.gradebook.entries` gives it, as CSV; what is missing or ungraded is an empty cell.

    The last two columns are the sum of a student's points, and the points that there are.
    """
    most: dict[str, float] = {}
    for entry in table:
        most[entry.exercise] = max(most.get(entry.exercise, 0.0), entry.possible)
    exercises = list(most)
    cells = {(entry.student.id, entry.exercise): entry for entry in table}
    possible = sum(most.values())
    rows = []
    for student in dict.fromkeys(entry.student for entry in table):
        mine = [cells[student.id, exercise] for exercise in exercises]
        facts = (student.id, student.name, student.email, student.section)
        total = sum(entry.points or 0.0 for entry in mine)
        rows.append((*map(defused, facts), *(number(entry.points) for entry in mine), number(total), number(possible)))
    return written(Sheet(header=(*STUDENT_COLUMNS, *exercises, "total", "possible"), rows=tuple(rows)))
