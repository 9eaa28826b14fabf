"""Making and checking what a course consists of."""

from grader.authoring.catalogs import CatalogFacts, check_modules, sentences_of, update_catalogs
from grader.authoring.importing import Imported, import_course
from grader.authoring.notebooks import Made, course_notebooks, outdated, write_notebooks
from grader.authoring.release import Released, packed, release
from grader.authoring.skeleton import new_course, new_exercise

__all__ = [
    "CatalogFacts",
    "Imported",
    "Made",
    "Released",
    "check_modules",
    "course_notebooks",
    "import_course",
    "new_course",
    "new_exercise",
    "outdated",
    "packed",
    "release",
    "sentences_of",
    "update_catalogs",
    "write_notebooks",
]
