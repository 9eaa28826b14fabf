"""Making and checking what a course consists of."""

from grader.authoring.catalogs import CatalogFacts, update_catalogs
from grader.authoring.notebooks import Made, course_notebooks, outdated, write_notebooks
from grader.authoring.skeleton import new_course, new_exercise

__all__ = [
    "CatalogFacts",
    "Made",
    "course_notebooks",
    "new_course",
    "new_exercise",
    "outdated",
    "update_catalogs",
    "write_notebooks",
]
