"""A course made of assignments of nbgrader or otter-grader, with a wrong answer to prove each function's checks."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.authoring.folders import refuse_full, write_files
from grader.authoring.foreign import Assignment, ForeignCheck, LeftOut
from grader.authoring.nbgrader import is_nbgrader, read_nbgrader
from grader.authoring.otter import is_otter, read_otter
from grader.authoring.toml import toml_text
from grader.course import COURSE_FILE, Course, read_course
from grader.errors import UsageError
from grader.language import _
from grader.records import Record

_DROPPED: Final = re.compile(r"[^a-z0-9]+")
_CHECKS: Final = '''\
"""Checks of {id}, from an assignment of {format}."""

import builtins
import contextlib

from grader.checking import CheckFailed, check, fail
from grader.errors import GraderError, StudentError

{setup}


def ask(student, name):
    """The submission's function, which raises what it raised there: `except ValueError` means what it says."""

    def call(*arguments, **keywords):
        try:
            return getattr(student, name)(*arguments, **keywords)
        except StudentError as error:
            kind = getattr(builtins, error.exception or "", None)
            if not isinstance(kind, type) or kind.__base__ is not Exception:
                raise
            both = type(kind.__name__, (StudentError, kind), {{}})
            raised = both.__new__(both, *error.args)
            vars(raised).update(vars(error))
            raise raised from None

    return call


@contextlib.contextmanager
def judged():
    """What is asserted of an answer fails the check, and so does whatever the answer makes impossible."""
    try:
        yield
    except (AssertionError, CheckFailed, GraderError):
        raise
    except Exception as error:
        fail(f"The answer does not fit what is asked of it: {{type(error).__name__}}: {{error}}")
'''
_CHECK: Final = """

@check({function!r}, points={points!r}, title={title!r}, visibility={visibility!r})
def test_{name}(student):
    with judged():
{body}
"""
_WRONG: Final = """\
# fails: {function}
def {function}(*arguments, **keywords):
    return None
"""


class Imported(Record, frozen=True, kw_only=True):
    """What came of an assignment: the exercise's id, its format, how many checks and points; what is left out."""

    exercise: str
    format: str
    checks: int
    points: float
    left_out: tuple[LeftOut, ...]


def import_course(source: Path, out: Path) -> tuple[Course, list[Imported]]:
    """Make a course in `out` of the notebook `source`, or of every notebook in that folder: an exercise each.

    Raises UsageError where nothing can be made of it, and CourseError where the assignments do not go together.
    """
    files = sorted(source.glob("*.ipynb")) if source.is_dir() else [source]
    if not files:
        raise UsageError(_("{folder} holds no notebook (.ipynb).", folder=str(source)))
    refuse_full(out)
    made: dict[str, str] = {}
    entries: list[dict[str, Any]] = []
    imported: list[Imported] = []
    for file in files:
        name = _DROPPED.sub("-", file.stem.lower()).strip("-")[:40].strip("-") or "exercise"
        style, assignment = _read(file)
        checks, points = _usable(assignment)
        if not points:
            raise UsageError(_("{file} has no function with points that a check could ask.", file=str(file)))
        asked = {function: text for function, text in assignment.functions.items() if function in points}
        made |= _exercise_files(name, style, assignment, asked, checks)
        entries.append(_entry(name, file.stem, points))
        lost = [
            LeftOut(name=one.name, points=one.points, reason=_("Its function has no other points."))
            for one in assignment.checks
            if one not in checks
        ]
        imported.append(
            Imported(
                exercise=name,
                format=style,
                checks=len(checks),
                points=sum(points.values()),
                left_out=(*assignment.left_out, *lost),
            )
        )
    made[COURSE_FILE] = toml_text(
        {
            "format": "grade-course/1",
            "languages": ["en"],
            "title": {"en": source.stem.replace("_", " ").replace("-", " ").strip().capitalize() or "Course"},
            "verification": {"solutions": "solutions", "wrong": "checks/wrong"},
            "exercises": entries,
        }
    )
    write_files(out, made)
    return read_course(out), imported


def _read(file: Path) -> tuple[str, Assignment]:
    try:
        cells = msgspec.json.decode(file.read_bytes())["cells"]
        cells = [{**cell, "source": "".join(cell["source"])} for cell in cells]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            _("{file} is no notebook that can be read: {reason}.", file=str(file), reason=str(error))
        ) from None
    if is_nbgrader(cells):
        return "nbgrader", read_nbgrader(cells)
    if is_otter(cells):
        return "otter-grader", read_otter(cells)
    raise UsageError(
        _(
            "{file} is an assignment neither of nbgrader nor of otter-grader; give the instructor's own version.",
            file=str(file),
        )
    )


def _usable(assignment: Assignment) -> tuple[list[ForeignCheck], dict[str, float]]:
    """The checks whose function has points at all, and the points of each function."""
    points: dict[str, float] = {}
    for check in assignment.checks:
        points[check.function] = points.get(check.function, 0.0) + check.points
    points = {function: value for function, value in points.items() if value > 0}
    return [check for check in assignment.checks if check.function in points], points


def _exercise_files(
    name: str, style: str, assignment: Assignment, asked: Mapping[str, str], checks: Sequence[ForeignCheck]
) -> dict[str, str]:
    """The text of each file of an exercise, by its path from the course's folder."""
    stem = _stem(name)
    others = [text for function, text in assignment.functions.items() if function not in asked]
    head = "\n\n\n".join([f'"""{name}."""', *([assignment.setup] if assignment.setup else []), *others])
    solution = "\n\n\n".join([head, *asked.values()])
    stub = "\n\n\n".join([head, *map(_stub, asked.values())])
    text = _CHECKS.format(id=name, format=style, setup=assignment.setup)
    taken: set[str] = set()
    for check in checks:
        text += _check(check, assignment.functions, taken)
    wrong = {f"checks/wrong/{name}/{function}_of_nothing.py": _WRONG.format(function=function) for function in asked}
    return {
        f"exercises/{name}/{stem}.py": stub + "\n",
        f"exercises/{name}/README.md": assignment.task.strip() + "\n",
        f"solutions/{name}/{stem}.py": solution + "\n",
        f"checks/test_{stem}.py": text,
        **wrong,
    }


def _check(check: ForeignCheck, functions: Mapping[str, str], taken: set[str]) -> str:
    name = re.sub(r"\W", "_", check.name, flags=re.ASCII)
    while name in taken:
        name += "_"
    taken.add(name)
    tree = ast.parse(check.code)
    if not check.hidden:
        for node in ast.walk(tree):
            if isinstance(node, ast.Assert) and node.msg is None:
                node.msg = ast.Constant(value=_asserted(node.test))
    used = [function for function in functions if any(_is_name(node, function) for node in ast.walk(tree))]
    lines = [f"{function} = ask(student, {function!r})" for function in used]
    body = "\n".join([*lines, ast.unparse(ast.fix_missing_locations(tree))])
    return _CHECK.format(
        function=check.function,
        points=check.points,
        title=check.title,
        visibility="hidden" if check.hidden else "public",
        name=name,
        body="\n".join(f"        {line}" if line else "" for line in body.splitlines()),
    )


def _asserted(test: ast.expr) -> str:
    """What an assertion asks for, to be read by a student."""
    match test:
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="repr"), args=[shown]), ops=[ast.Eq()], comparators=[ast.Constant(str(text))]
        ):
            return f"{ast.unparse(shown)}  # {text}"
    return ast.unparse(test)


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _stub(function: str) -> str:
    """A function's head and docstring, and nothing of its body."""
    node = ast.parse(function).body[0]
    if not isinstance(node, ast.FunctionDef):  # which `functions_in` gives no other of
        return function
    lines = function.splitlines()
    has_docstring = ast.get_docstring(node) is not None
    first = node.body[0]
    if first.lineno == node.lineno:
        node.body = [*(node.body[:1] if has_docstring else []), *ast.parse("raise NotImplementedError").body]
        return ast.unparse(node)
    end = first.end_lineno if has_docstring else first.lineno - 1
    return "\n".join([*lines[:end], "    raise NotImplementedError"])


def _entry(name: str, title: str, points: Mapping[str, float]) -> dict[str, Any]:
    return {
        "id": name,
        "stem": _stem(name),
        "folder": f"exercises/{name}",
        "checks": f"checks/test_{_stem(name)}.py",
        "points": sum(points.values()),
        "title": {"en": title},
        "functions": dict(points),
    }


def _stem(name: str) -> str:
    stem = name.replace("-", "_")
    return f"exercise_{stem}" if stem[0].isdigit() else stem
