"""`%grade` and `grader.check` in a live notebook: what was executed is graded by a process of the grader's own.

The notebook's kernel imports nothing heavy and runs nothing of what grading runs.
"""

from grader.notebook.magic import check, load, unload

__all__ = ["check", "load", "unload"]
