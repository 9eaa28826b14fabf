"""Making and checking what a course consists of."""

from grader.authoring.notebooks import Made, course_notebooks, outdated, write_notebooks

__all__ = ["Made", "course_notebooks", "outdated", "write_notebooks"]
