"""What of a session's history still counts: a cell that was executed again stands there once for each time. Pure."""

from __future__ import annotations

import ast
import json
import keyword
import re
from collections.abc import Sequence

from grader.submission import Source, read_cells_of

_BEGUN = re.compile(
    r"^([ \t]*)(?:(?:async[ \t]+)?(?:def|class)[ \t]+"
    rf"|(?!(?:{'|'.join(keyword.kwlist)})\b)(?:\w+[ \t]+){{1,2}}(?=\w+[ \t]*\())(\w+)",
    re.MULTILINE,
)
"""A definition, also where its keyword is misspelt: `deff f(x):`."""
_ASSIGNED = re.compile(r"^([ \t]*)(\w+)[ \t]*(?::[^\n=]*)?=(?!=)", re.MULTILINE)
_HARMLESS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Expr, ast.Pass)
"""Statements in whose place an older definition of a function may be missing: they keep no value that it gave."""


def tidied(content: bytes) -> bytes:
    """A session's notebook with empty cells for what later cells have taken the place of.

    These are texts that Python could not read, and so never executed, once a later cell defines what they begin to
    define, at once where that is nothing; and cells that do nothing but define functions, once each of these is defined
    again and no value was computed in between. What is left has the same last definitions, in cells of the same
    numbers.
    """
    sources = read_cells_of(content)
    gone = {source.cell for position, source in enumerate(sources) if _is_superseded(source, sources[position + 1 :])}
    book = json.loads(content)
    for number, cell in enumerate(book["cells"], start=1):
        if number in gone:
            cell["source"] = ""
    return json.dumps(book).encode()


def _is_superseded(source: Source, later: Sequence[Source]) -> bool:
    if source.fault is not None:
        begun = _BEGUN.findall(source.original) or _ASSIGNED.findall(source.original)
        outermost = min((len(indent) for indent, _name in begun), default=0)
        names = {name for indent, name in begun if len(indent) == outermost}
        return names <= {name for one in later for piece in one.pieces for name in piece.bound}
    missing = _functions_alone(source)
    if not missing:
        return False
    for one in later:
        for piece in one.pieces:
            if not all(isinstance(node, _HARMLESS) and not _runs_at_once(node) for node in piece.nodes):
                return False
            missing = missing - piece.bound
        if not missing:
            return True
    return False


def _functions_alone(source: Source) -> frozenset[str]:
    """The functions that a cell defines, where it does nothing else; none where it does."""
    nodes = [node for piece in source.pieces for node in piece.nodes]
    if all(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in nodes):
        return frozenset(name for piece in source.pieces for name in piece.bound)
    return frozenset()


def _runs_at_once(node: ast.stmt) -> bool:
    """Whether a definition computes something while it is made: decorators, defaults, the body of a class."""
    if isinstance(node, ast.ClassDef):
        return True
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    arguments = node.args
    return bool(node.decorator_list or arguments.defaults or any(arguments.kw_defaults))
