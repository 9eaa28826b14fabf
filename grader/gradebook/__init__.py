"""Every report of a cohort, in a database: plain functions over an open `Gradebook`."""

from grader.gradebook.courses import course_folder, keep_course, require_course
from grader.gradebook.entries import Entry, entries
from grader.gradebook.fingerprints import exercise_fingerprint, installed_versions, run_fingerprint
from grader.gradebook.opening import GRADEBOOK_FILE, Gradebook, gradebook_at, has_gradebook, open_gradebook
from grader.gradebook.overview import CheckOverview, ExerciseOverview, Overview, WrongMessage, overview
from grader.gradebook.policy import Attempts, LatePolicy, Policy, read_moment, read_policy
from grader.gradebook.reading import history, report_of, reports_of, runs, students
from grader.gradebook.records import Change, ChangeKind, Event, Handing, RecordedRun, Run, Student
from grader.gradebook.texts import stored_id
from grader.gradebook.writing import enrol, record_change, record_handings, record_run

__all__ = [
    "GRADEBOOK_FILE",
    "Attempts",
    "Change",
    "ChangeKind",
    "CheckOverview",
    "Entry",
    "Event",
    "ExerciseOverview",
    "Gradebook",
    "Handing",
    "LatePolicy",
    "Overview",
    "Policy",
    "RecordedRun",
    "Run",
    "Student",
    "WrongMessage",
    "course_folder",
    "enrol",
    "entries",
    "exercise_fingerprint",
    "gradebook_at",
    "has_gradebook",
    "history",
    "installed_versions",
    "keep_course",
    "open_gradebook",
    "overview",
    "read_moment",
    "read_policy",
    "record_change",
    "record_handings",
    "record_run",
    "report_of",
    "reports_of",
    "require_course",
    "run_fingerprint",
    "runs",
    "stored_id",
    "students",
]
