"""What is known of a submission from its text: the program to run, facts of the asked functions, and what to tell."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from grader.language import Text
from grader.records import Location, Record
from grader.submission.calling import CallGraph

CELL_MARK = "#cell-"
SHOWN_LENGTH = 200
"""characters of a student's line that are shown"""


class FunctionState(enum.StrEnum):
    """What the text tells of an asked function.

    `unknown` means that only running the submission can tell: names may come from `from x import *` or `exec`,
    or the function stands in text that Python cannot read. `misplaced` means that it stands inside other code, such as
    a class, where nobody can call it.
    """

    WRITTEN = "written"
    UNFILLED = "unfilled"
    MISSING = "missing"
    MISSPELT = "misspelt"
    MISPLACED = "misplaced"
    UNKNOWN = "unknown"


class FunctionFacts(Record, frozen=True, kw_only=True):
    """One asked function. `location` is its `def` line; `suggestion` the similar name that was found when misspelt."""

    name: str
    state: FunctionState
    location: Location | None
    suggestion: str | None


class Chunk(Record, frozen=True, kw_only=True):
    """A piece of the program to compile and run, in order.

    `filename` is unique and what tracebacks show: "exercise_2.py", or "exercise_2.ipynb#cell-3" for cell 3.
    `source` has the student's own line numbers; what is left out is blank, and a notebook command is `pass`.
    """

    filename: str
    cell: int | None
    source: str


class Helper(Record, frozen=True, kw_only=True):
    """A module beside the submission that it imports, as text. `name` is the name that it is imported by."""

    name: str
    filename: str
    source: str


class Program(Record, frozen=True, kw_only=True):
    """What a subject runs. `module_name` is an identifier that shadows no installed module."""

    module_name: str
    chunks: tuple[Chunk, ...]
    helpers: tuple[Helper, ...]


class SyntaxProblem(Record, frozen=True, kw_only=True):
    """Text that Python cannot read.

    `line` is the student's line, at most 200 characters, every unprintable one replaced by one that shows;
    `column` counts its characters from 1, and is None where no place in the line is meant.
    """

    location: Location
    message: Text
    line: str
    column: int | None


class Submission(Record, frozen=True, kw_only=True):
    """One submission, read and never executed.

    Cells of a notebook are numbered by their position among all its cells, from 1: the number in `[n]` beside a
    cell changes each time that the cell is run.
    """

    path: str
    """as it was given, with control characters escaped"""
    sha256: str
    """of the file's bytes, in hexadecimal"""
    program: Program
    functions: Mapping[str, FunctionFacts]
    """the asked functions, in the order in which they were asked"""
    imports: frozenset[str]
    """dotted names of the modules that the program and its helpers may import, such as "sklearn.model_selection" """
    mentions: frozenset[str]
    """identifiers that the program and its helpers use as a name or an attribute"""
    notes: tuple[Text, ...]
    problems: tuple[SyntaxProblem, ...]
    originals: Mapping[str, str]
    """the student's whole text for each chunk filename and helper filename, what was left out included"""
    graph: CallGraph

    def locate(self, filename: str, line: int) -> Location | None:
        """The student's file, cell and line for a line of a traceback; None where it is not the student's."""
        original = self.originals.get(filename)
        if original is None or not 1 <= line <= original.count("\n") + 1:
            return None
        file, _, cell = filename.rpartition(CELL_MARK)
        is_cell = cell.isdecimal()  # the name of a file ends with its suffix
        return Location(file=file, line=line, cell=int(cell)) if is_cell else Location(file=filename, line=line)

    def problem_of(self, function: str) -> SyntaxProblem | None:
        """What keeps Python from reading the text in which the asked `function` stands; None where it can be read."""
        facts = self.functions[function]
        if self.problems and not self.program.chunks:
            return None if facts.state in _READ else self.problems[0]
        if facts.state is not FunctionState.UNKNOWN or facts.location is None:
            return None
        place = (facts.location.file, facts.location.cell)
        found = (problem for problem in self.problems if (problem.location.file, problem.location.cell) == place)
        return next(found, None)

    def line_text(self, location: Location) -> str | None:
        """The student's own line, stripped, at most 200 characters of it; None where there is none."""
        original = self.originals.get(chunk_filename(location.file, location.cell))
        lines = [] if original is None else original.split("\n")
        return lines[location.line - 1].strip()[:SHOWN_LENGTH] if 1 <= location.line <= len(lines) else None

    def calls(self, function: str) -> frozenset[str]:
        """What `function` and the top-level code of the same file that it reaches call.

        Each call is there by its last name and, where it is written out, by its dotted one: "add", "keras.Sequential".
        Names that were imported under another name are there by both.
        """
        return self.graph.calls(function)

    def methods(self, function: str) -> frozenset[str]:
        """The names of the methods among these calls that may be those of a model, or of any object of a library.

        Not there is a method of a receiver that is known to be something else: `set().add(1)`, `np.add(1, 2)`.
        """
        return self.graph.methods_of(function)


_READ = frozenset({FunctionState.WRITTEN, FunctionState.UNFILLED})
"""What is only said of text that was read."""


def chunk_filename(file: str, cell: int | None) -> str:
    """The unique name of a chunk, from the file's name and the number of the cell, if it has cells."""
    return file if cell is None else f"{file}{CELL_MARK}{cell}"
