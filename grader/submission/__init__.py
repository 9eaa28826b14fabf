"""Finding a submission and reading it, as text and syntax tree; nothing of it is ever executed here."""

from grader.submission.finding import SUFFIXES, find_submission
from grader.submission.reading import read_submission
from grader.submission.records import (
    Chunk,
    FunctionFacts,
    FunctionState,
    Helper,
    Program,
    Submission,
    SyntaxProblem,
)
from grader.submission.sources import Source, read_cells_of

__all__ = [
    "SUFFIXES",
    "Chunk",
    "FunctionFacts",
    "FunctionState",
    "Helper",
    "Program",
    "Source",
    "Submission",
    "SyntaxProblem",
    "find_submission",
    "read_cells_of",
    "read_submission",
]
