"""Grading what a pull request changes: submissions are read from its head as data, everything else from its base."""

from grader.ci.changes import Ignored, Kind
from grader.ci.collecting import Asked, collect
from grader.ci.environment import Origin, Request, find_origin, find_request
from grader.ci.git import Repository
from grader.ci.grading import Graded, grade_collected, kept, read_kept
from grader.ci.pages import code_quality, comment, summary, totals
from grader.ci.records import Collected, SubmittedFile, read_collected

__all__ = [
    "Asked",
    "Collected",
    "Graded",
    "Ignored",
    "Kind",
    "Origin",
    "Repository",
    "Request",
    "SubmittedFile",
    "code_quality",
    "collect",
    "comment",
    "find_origin",
    "find_request",
    "grade_collected",
    "kept",
    "read_collected",
    "read_kept",
    "summary",
    "totals",
]
