"""Reading a course: a folder whose `course.toml` names its exercises, their points, limits and checks."""

from grader.course.finding import builtin_folder, find_course
from grader.course.reading import COURSE_FILE, is_packaged, read_course
from grader.course.records import Course, Dataset, Exercise, Notebooks, Showing, in_language

__all__ = [
    "COURSE_FILE",
    "Course",
    "Dataset",
    "Exercise",
    "Notebooks",
    "Showing",
    "builtin_folder",
    "find_course",
    "in_language",
    "is_packaged",
    "read_course",
]
