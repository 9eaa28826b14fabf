"""An assignment of another grader, in the parts that a course is made of, whatever its format was."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from grader.records import Record

_MAGIC: Final = re.compile(r"^\s*[%!].*$", re.MULTILINE)
_OTHERS: Final = frozenset({"otter", "nbgrader", "grader"})
"""Packages of other graders, and the usual name of otter's object."""


class ForeignCheck(Record, frozen=True, kw_only=True):
    """What another grader runs against an answer: code that asserts. `function` is the one it is mostly about."""

    name: str
    title: str
    function: str
    points: float
    code: str
    hidden: bool


class LeftOut(Record, frozen=True, kw_only=True):
    """A part of the assignment that has no place in a course, by its name, its points, and why not."""

    name: str
    points: float
    reason: Any


class Assignment(Record, frozen=True, kw_only=True):
    """An assignment: what precedes the answers, the functions that are asked for, and the checks.

    `setup` is Python that both the stub and the checks begin with; `functions` the solution's text of each function.
    """

    task: str
    setup: str
    functions: Mapping[str, str]
    checks: tuple[ForeignCheck, ...]
    left_out: tuple[LeftOut, ...]


def without_magics(code: str) -> str:
    """`code` without the lines that only a notebook can run."""
    return _MAGIC.sub("", code)


def functions_in(code: str) -> dict[str, str]:
    """The text of each function at the top of `code`; none where Python cannot read it."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return {}
    lines = code.splitlines()
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            found[node.name] = "\n".join(lines[first - 1 : node.end_lineno])
    return found


def setup_of(cells: Iterable[str]) -> str:
    """The imports, definitions and plain values of code cells that are no answers, without expressions to look at."""
    parts = []
    for cell in cells:
        try:
            tree = ast.parse(without_magics(cell))
        except (SyntaxError, ValueError):
            continue
        for node in tree.body:
            names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} | _imported(node)
            if isinstance(node, _KEPT) and not names & _OTHERS:
                parts.append(ast.unparse(node))
    return "\n".join(dict.fromkeys(parts))


def function_of(code: str, functions: Iterable[str]) -> str | None:
    """The first of `functions` that `code` uses, or None."""
    asked = set(functions)
    try:
        names = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name) and node.id in asked]
    except (SyntaxError, ValueError):
        return None
    return min(names, key=lambda node: (node.lineno, node.col_offset)).id if names else None


def takes_away(code: str, functions: Iterable[str]) -> bool:
    """Whether `code` deletes or replaces one of `functions`, which no other process can do to a submission."""
    asked = set(functions)
    return any(
        isinstance(node, ast.Name) and node.id in asked and not isinstance(node.ctx, ast.Load)
        for node in ast.walk(ast.parse(code))
    )


def readable(code: str) -> bool:
    """Whether Python can read `code`."""
    try:
        ast.parse(code)
    except (SyntaxError, ValueError):
        return False
    return True


def _imported(node: ast.stmt) -> set[str]:
    match node:
        case ast.Import(names=names):
            return {alias.name.partition(".")[0] for alias in names}
        case ast.ImportFrom(module=str(module)):
            return {module.partition(".")[0]}
    return set()


_KEPT: Final = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.ClassDef)
