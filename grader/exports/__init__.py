"""A cohort's points for other programs: plain tables, Canvas, Moodle."""

from grader.exports.canvas import Filled, canvas_csv
from grader.exports.moodle import KEY_COLUMNS, Key, moodle_csv, moodle_filled
from grader.exports.plain import plain_csv
from grader.exports.sheets import defused, number

__all__ = [
    "KEY_COLUMNS",
    "Filled",
    "Key",
    "canvas_csv",
    "defused",
    "moodle_csv",
    "moodle_filled",
    "number",
    "plain_csv",
]
