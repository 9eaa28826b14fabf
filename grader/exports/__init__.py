"""A cohort's points for other programs: plain tables, Canvas, Moodle, and reports by student."""

from grader.exports.canvas import Filled, canvas_csv
from grader.exports.listing import BOOK_FORMAT, entries_csv, entries_json, history_csv, history_json
from grader.exports.moodle import KEY_COLUMNS, Key, moodle_csv, moodle_filled
from grader.exports.plain import plain_csv
from grader.exports.reports import counted, counting_reports, folder_name
from grader.exports.sheets import defused, number

__all__ = [
    "BOOK_FORMAT",
    "KEY_COLUMNS",
    "Filled",
    "Key",
    "canvas_csv",
    "counted",
    "counting_reports",
    "defused",
    "entries_csv",
    "entries_json",
    "folder_name",
    "history_csv",
    "history_json",
    "moodle_csv",
    "moodle_filled",
    "number",
    "plain_csv",
]
