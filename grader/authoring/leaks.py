"""Looking for what no student may see, lines of solutions, wrong answers and hidden checks, in what students get."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from grader.course import Course
from grader.errors import CourseError
from grader.language import _, reason_of
from grader.records import Record

SHORTEST: Final = 12
"""Characters of a line that says something; shorter ones, such as `else:`, stand everywhere."""
SHORTEST_OF_SOLUTION: Final = 9
"""The same of a line of a solution, such as `return -z`."""
WITHIN: Final = 32
"""Characters of a line that is looked for within others too: in a sentence, behind a prompt, in a compiled catalog."""
_MARKS: Final = re.compile(r"^(?:(?:[#>*+-]+|\.\.\.|\d+\.)[ \t]+)+")
"""What makes code a comment, a quotation, an item of a list or an example."""
_COMMENT: Final = re.compile(r"(?<=\S)[ \t]+#[ \t].*$")


class Leak(Record, frozen=True, kw_only=True):
    """A hidden line that stands in a file for students: both places, lines from 1."""

    file: str
    line: int
    source: Path
    source_line: int
    text: str


def leaks(files: Mapping[str, bytes], hidden: Mapping[str, tuple[Path, int]]) -> Iterator[Leak]:
    """Every line of `files` that is one of the `hidden` ones, or has a longer one of them within it."""
    long = [line for line in hidden if len(line) >= WITHIN]
    for name, content in files.items():
        whole = content.decode("utf-8", "replace").replace('\\"', '"')
        within = [line for line in long if line in whole]
        for number, line in _lines(name, content):
            found = line if line in hidden else next((one for one in within if one in line), None)
            if found is not None:
                source, source_line = hidden[found]
                yield Leak(file=name, line=number, source=source, source_line=source_line, text=found)
                break
        else:
            for found in within[:1]:
                source, source_line = hidden[found]
                yield Leak(file=name, line=1, source=source, source_line=source_line, text=found)


def hidden_lines(course: Course, public: Iterable[bytes]) -> dict[str, tuple[Path, int]]:
    """Each line that no student may see, without indentation and comment, with its place. Raises CourseError.

    `public` are the texts of the public checks: their lines are no secret, nor is the code of the stubs, nor what
    solutions and wrong answers have in their docstrings as the stubs do. A line of a solution in a stub's docstring or
    comment is one.
    """
    stubs = [read_bytes(exercise.stub) for exercise in course.exercises]
    code = {line for stub in stubs for _number, line, is_said in _kinds(stub) if not is_said}
    said = {line for stub in stubs for _number, line, is_said in _kinds(stub) if is_said}
    shown = _squeezed("\0".join([*(text.decode("utf-8", "replace") for text in public), *sorted(code)]))
    found: dict[str, tuple[Path, int]] = {}
    for file, shortest in _secret_files(course):
        content = read_bytes(file)
        lines = (
            _kinds(content) if file.suffix == ".py" else [(n, line, False) for n, line in _lines(file.name, content)]
        )
        for number, line, is_said in lines:
            if len(line) >= shortest and line not in (said if is_said else code) and not _is_in(line, shown):
                found.setdefault(line, (file, number))
    return found


def _is_in(line: str, squeezed: str) -> bool:
    """Whether a line stands in a text that was formatted otherwise, and squeezed."""
    return _squeezed(line).rstrip(",") in squeezed


def _squeezed(text: str) -> str:
    return "".join(text.split()).replace("'", '"')


def all_files(path: Path) -> list[Path]:
    """A file, or all files in a folder and those in it, without hidden ones, such as the history, and compiled ones."""
    if path.is_file():
        return [path]
    return [
        file
        for file in sorted(path.rglob("*"))
        if file.is_file() and not any(part.startswith((".", "__pycache__")) for part in file.relative_to(path).parts)
    ]


def read_bytes(file: Path) -> bytes:
    """The bytes of a course's file. Raises CourseError where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise CourseError(_("{file} cannot be read: {reason}.", file=str(file), reason=reason_of(error))) from error


def _secret_files(course: Course) -> Iterator[tuple[Path, int]]:
    """Every file with hidden lines, and how long a line must be to say something."""
    for exercise in course.exercises:
        yield exercise.checks, SHORTEST
    for folder, shortest in ((course.solutions, SHORTEST_OF_SOLUTION), (course.wrong, SHORTEST)):
        if folder is None:
            continue
        for file in [file for exercise in course.exercises for file in all_files(folder / exercise.id)]:
            if file.suffix in {".py", ".ipynb"}:
                yield file, shortest


def _kinds(source: bytes) -> list[tuple[int, str, bool]]:
    """Each line of Python with its number, and whether it is only said: a docstring's, a comment's, after a `raise`."""
    lines = list(_lines("source.py", source))
    said: set[int] = set()
    try:
        for node in ast.walk(ast.parse(source)):
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                said |= _numbers(node)
            if isinstance(node, ast.FunctionDef):
                said |= _after_raise(node.body)
        for token in tokenize.tokenize(io.BytesIO(source).readline):
            if token.type == tokenize.COMMENT and not token.line[: token.start[1]].strip():
                said.add(token.start[0])
    except (SyntaxError, ValueError, tokenize.TokenError):
        pass  # all of it is code then
    return [(number, line, number in said) for number, line in lines]


def _after_raise(block: list[ast.stmt]) -> set[int]:
    """The lines that a `raise` in a block keeps from being run."""
    raised = next((place for place, statement in enumerate(block) if isinstance(statement, ast.Raise)), len(block))
    return set().union(*map(_numbers, block[raised + 1 :]))


def _numbers(node: ast.stmt) -> set[int]:
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _lines(name: str, content: bytes) -> Iterator[tuple[int, str]]:
    """The lines of a text without indentation, marks and comments; those of a notebook's cells as if they were one."""
    text = content.decode("utf-8", "replace")
    if name.endswith(".ipynb"):
        cells = msgspec.json.decode(text)["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells)
    for number, line in enumerate(text.splitlines(), 1):
        yield number, _COMMENT.sub("", _MARKS.sub("", line.strip())).strip("`").rstrip(",:").strip()
