"""Whether each asked function is written, still the stub, missing, or there by a slightly other name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from grader.records import Location
from grader.submission.pieces import FunctionDefinition, Piece, bound_here, defined_here, functions_in
from grader.submission.records import FunctionFacts, FunctionState
from grader.submission.sources import Source

# Above the likeness of two functions that courses ask for, such as build_model and build_relu_model (0.81), and below
# that of one function with two letters swapped.
LIKENESS = 0.85

CANDIDATES = 2_000
"""names that are compared with a missing one"""

_DEFINED = re.compile(r"[ \t]*(?:async[ \t]+)?def[ \t]+(?P<name>\w+)")


def function_facts(
    functions: Sequence[str],
    pieces: Sequence[Piece],
    *,
    file: str,
    unread: Sequence[Source],
    starred: Mapping[str, Location],
    undecidable: bool,
) -> dict[str, FunctionFacts]:
    """The facts of each of `functions`, in order.

    `unread` are the texts of the submission that do not parse, `starred` the names that an import with a star is known
    to bring, and `undecidable` says that names may come from where the text does not show.
    """
    in_unread = _defined_in(unread, file)
    similar = {**_own_names(pieces, file), **in_unread}
    for name in functions:
        similar.pop(name, None)
    everywhere = _everywhere(pieces, file) if any(not _is_bound(name, pieces) for name in functions) else {}
    facts: dict[str, FunctionFacts] = {}
    for name in functions:
        bound = _bound(name, pieces, file)
        if bound is not None and (bound.state is FunctionState.WRITTEN or name not in in_unread):
            facts[name] = bound
        elif name in in_unread:
            facts[name] = _facts(name, FunctionState.UNKNOWN, in_unread[name])
        elif name in starred:
            facts[name] = _facts(name, FunctionState.WRITTEN, starred[name])
        else:
            exported = any(name in piece.exported for piece in pieces)
            inside = None if undecidable or exported else everywhere.get(name)
            facts[name] = (
                _facts(name, FunctionState.MISPLACED, inside)
                if inside is not None
                else _unbound(name, similar, undecidable=undecidable or exported)
            )
    return facts


def is_unfilled(node: FunctionDefinition) -> bool:
    """Whether the body of `node` holds nothing but its docstring and placeholders."""
    return all(_is_placeholder(statement) for statement in node.body)


def raises_not_implemented(statement: ast.stmt) -> bool:
    """Whether `statement` is `raise NotImplementedError`, with or without a message."""
    match statement:
        case ast.Raise(exc=ast.Name(id="NotImplementedError") | ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
    return False


def _is_placeholder(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Return(value=ast.Name(id="NotImplemented")):
            return True
    return raises_not_implemented(statement)


def _bound(name: str, pieces: Sequence[Piece], file: str) -> FunctionFacts | None:
    """The facts of `name` from the last piece that binds it; None if there is none."""
    for piece in reversed(pieces):
        if name not in piece.bound:
            continue
        definitions = defined_here(name, piece.nodes)
        if definitions:
            unfilled = all(isinstance(node, FunctionDefinition) and is_unfilled(node) for node in definitions)
            line = definitions[-1].lineno
        else:
            unfilled = any(_is_empty_value(name, node) for node in piece.nodes)
            line = [piece.start, *bound_here(name, piece.nodes)][-1]
        state = FunctionState.UNFILLED if unfilled else FunctionState.WRITTEN
        return _facts(name, state, Location(file=file, line=line, cell=piece.cell))
    return None


def _is_empty_value(name: str, node: ast.stmt) -> bool:
    """Whether `node` gives `name` the value `None`, `...` or `NotImplemented`, which a stub leaves to be replaced."""
    match node:
        case (
            ast.Assign(targets=[ast.Name(id=target)], value=value)
            | ast.AnnAssign(target=ast.Name(id=target), value=value)
        ) if target == name:
            if isinstance(value, ast.Name):
                return value.id == "NotImplemented"
            return value is None or (isinstance(value, ast.Constant) and value.value in {None, ...})
    return False


def _is_bound(name: str, pieces: Iterable[Piece]) -> bool:
    return any(name in piece.bound for piece in pieces)


def _everywhere(pieces: Iterable[Piece], file: str) -> dict[str, Location]:
    """The last place of each function that is defined anywhere, inside of other code as well."""
    return {
        node.name: Location(file=file, line=node.lineno, cell=piece.cell)
        for piece in pieces
        for node in functions_in(piece.nodes)
    }


def _unbound(name: str, similar: Mapping[str, Location], *, undecidable: bool) -> FunctionFacts:
    suggestion = _closest(name, similar)
    if undecidable:
        return FunctionFacts(name=name, state=FunctionState.UNKNOWN, location=None, suggestion=suggestion)
    if suggestion is None:
        return _facts(name, FunctionState.MISSING, None)
    return FunctionFacts(name=name, state=FunctionState.MISSPELT, location=similar[suggestion], suggestion=suggestion)


def _closest(name: str, candidates: Iterable[str]) -> str | None:
    """The one of `candidates` that differs from `name` in case and underscores only, else the one most like it."""
    import difflib  # noqa: PLC0415 - only a missing name needs it

    names = list(islice(candidates, CANDIDATES))
    same = [candidate for candidate in names if _plain(candidate) == _plain(name)]
    return next(iter(same or difflib.get_close_matches(name, names, n=1, cutoff=LIKENESS)), None)


def _plain(name: str) -> str:
    return name.replace("_", "").casefold()


def _own_names(pieces: Iterable[Piece], file: str) -> dict[str, Location]:
    """The names that the submission itself makes, with their places. Imported ones are nobody's misspelling."""
    return {
        name: Location(file=file, line=piece.start, cell=piece.cell)
        for piece in pieces
        if not all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in piece.nodes)
        for name in sorted(piece.bound)
    }


def _defined_in(unread: Iterable[Source], file: str) -> dict[str, Location]:
    """The functions whose `def` stands in text that does not parse."""
    return {
        found["name"]: Location(file=file, line=number, cell=source.cell)
        for source in unread
        for number, line in enumerate(source.text.split("\n"), 1)
        if (found := _DEFINED.match(line))
    }


def _facts(name: str, state: FunctionState, location: Location | None) -> FunctionFacts:
    return FunctionFacts(name=name, state=state, location=location, suggestion=None)
