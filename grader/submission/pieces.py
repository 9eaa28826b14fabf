"""The top level of a submission in pieces: statements, with the names that each binds, changes and reads."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from grader.records import Record
from grader.submission.facts import binds_dynamically, children, executed, is_never_run
from grader.submission.names import module_names

FunctionDefinition = ast.FunctionDef | ast.AsyncFunctionDef
Definition = FunctionDefinition | ast.ClassDef


class Piece(Record, frozen=True, kw_only=True):
    """Statements that share lines, as a rule one. `start` and `end` are the first and last line, from 1.

    `walked` are its `nodes` and all below them, but for what never runs.
    `bound`, `changed` and `read` are names as in `names.Names`; `exported` those that a call of a function of this
    piece would bind in the module. `stars` are the modules that it imports everything from.
    It `acts` if to run it does more than to give names to functions, classes, modules and plain values, and
    `is_dynamic` if that may bind names which its text does not show.
    """

    cell: int | None
    start: int
    end: int
    nodes: tuple[ast.stmt, ...]
    walked: tuple[ast.AST, ...]
    bound: frozenset[str]
    changed: frozenset[str]
    read: frozenset[str]
    exported: frozenset[str]
    stars: tuple[str, ...]
    acts: bool
    is_dynamic: bool

    @property
    def is_future(self) -> bool:
        """Whether the piece is `from __future__ import ...`."""
        return any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in self.nodes)


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def split(tree: ast.Module, cell: int | None) -> list[Piece]:
    """The top level of `tree` in pieces, in order. `cell` is the number of the cell that it is the text of."""
    groups: list[list[ast.stmt]] = []
    end = 0
    for node in tree.body:
        if groups and first_line(node) <= end:
            groups[-1].append(node)
        else:
            groups.append([node])
        end = max(end, last_line(node))
    return [_piece(group, cell) for group in groups]


def first_line(node: ast.stmt) -> int:
    """The line on which `node` begins, its decorators included."""
    decorators = node.decorator_list if isinstance(node, _DEFINITIONS) else []
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def last_line(node: ast.stmt) -> int:
    """The line on which `node` ends."""
    return node.end_lineno or node.lineno


def functions_in(nodes: Iterable[ast.AST]) -> list[FunctionDefinition]:
    """The definitions of functions anywhere in `nodes`, in the order of their lines."""
    found: list[FunctionDefinition] = []
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, FunctionDefinition):
            found.append(node)
        waiting += children(node)
    return sorted(found, key=lambda node: node.lineno)


def _piece(nodes: Sequence[ast.stmt], cell: int | None) -> Piece:
    names = module_names(_run(nodes))
    walked = tuple(executed(nodes))
    acts = _acts(nodes, walked)
    return Piece(
        cell=cell,
        start=first_line(nodes[0]),
        end=max(last_line(node) for node in nodes),
        nodes=tuple(nodes),
        walked=walked,
        bound=frozenset(names.bound),
        changed=frozenset(names.changed),
        read=frozenset(names.read),
        exported=frozenset(names.exported),
        stars=tuple(
            node.module or "."
            for node in walked
            if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
        ),
        acts=acts,
        is_dynamic=acts and binds_dynamically(walked),
    )


def _acts(nodes: Sequence[ast.stmt], walked: Iterable[ast.AST]) -> bool:
    others = [node for node in nodes if not isinstance(node, _DEFINITIONS)]
    below = walked if len(others) == len(nodes) else executed(others)
    return any(isinstance(node, (ast.Call, ast.Await, ast.Delete)) for node in below)


def _run(nodes: Iterable[ast.stmt]) -> list[ast.stmt]:
    """`nodes`, with the `else` branch in place of an `if` whose body never runs here."""
    run: list[ast.stmt] = []
    for node in nodes:
        run += _run(node.orelse) if is_never_run(node) else [node]
    return run


def defined_here(name: str, nodes: Iterable[ast.stmt]) -> list[Definition]:
    """The functions and classes `name` that `nodes` define in the module itself, branches included."""
    return [node for node in _module_level(nodes) if isinstance(node, _DEFINITIONS) and node.name == name]


def bound_here(name: str, nodes: Iterable[ast.stmt]) -> list[int]:
    """The lines on which `nodes` give `name` a value in the module itself, as far as syntax nodes have lines."""
    return [
        node.lineno
        for node in _module_level(nodes)
        if (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name)
        or (isinstance(node, ast.alias) and (node.asname or node.name) == name)
    ]


def _module_level(nodes: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """`nodes` and what is below them, in order, but for what is in functions and classes."""
    waiting: list[ast.AST] = [*reversed(_run(nodes))]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*_DEFINITIONS, ast.Lambda)):
            waiting += reversed(list(ast.iter_child_nodes(node)))
