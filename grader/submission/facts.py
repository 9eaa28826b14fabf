"""What the syntax tree of taken code says: the modules that it imports, the identifiers and calls in it.

Each function is asked about nodes as `executed` gives them, so that a tree is walked once for all.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeGuard

# `from tensorflow import keras` imports a module, `from sklearn.model_selection import train_test_split` does not, and
# only an import could tell. These are the modules that the documentation of the courses' packages writes that way.
_KERAS = frozenset(
    "activations applications backend callbacks config constraints datasets initializers layers losses metrics "
    "mixed_precision models ops optimizers preprocessing random regularizers saving tree utils".split()
)
_DATASETS = frozenset("boston_housing california_housing cifar10 cifar100 fashion_mnist imdb mnist reuters".split())
SUBMODULES: Mapping[str, frozenset[str]] = {
    "tensorflow": frozenset({"keras"}),
    "keras": _KERAS,
    "tensorflow.keras": _KERAS,
    "keras.datasets": _DATASETS,
    "tensorflow.keras.datasets": _DATASETS,
    "matplotlib": frozenset({"pyplot"}),
    "sklearn": frozenset("datasets linear_model metrics model_selection pipeline preprocessing svm utils".split()),
    "numpy": frozenset({"random", "linalg"}),
}
# They call what they are given, so `map(model.add, layers)` calls `model.add`.
CALLERS = frozenset({"map", "filter", "reduce", "partial", "starmap"})
_DYNAMIC = frozenset({"exec", "globals"})
_SIGNS = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop)
DEPTH = 20
"""packages within packages that are told apart; no real module is as deep"""
ALIASED_LENGTH = 500
"""characters of what a name may stand for: they are written out for each call by that name, and text may hold 1 MB"""


def imported_modules(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The dotted names of the modules that `nodes` import, each with the packages that it is in.

    Imports within functions count. Those in `if __name__ == "__main__":` and `if TYPE_CHECKING:` do not, since they
    never run here; nor do relative ones, since a submission is in no package.
    """
    modules: set[str] = set()
    for node in nodes:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    modules |= _with_packages(alias.name)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                modules |= _with_packages(module)
                submodules = SUBMODULES.get(module, frozenset())
                modules |= {f"{module}.{alias.name}" for alias in names if alias.name in submodules}
            case ast.Call(func=function, args=[ast.Constant(value=str(module)), *_]) if last_name(function) in {
                "import_module",
                "__import__",
            }:
                modules |= _with_packages(module)
    return frozenset(modules)


def mentioned(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The identifiers that `nodes` use as a name, an attribute or the name of an import."""
    found: set[str] = set()
    for node in nodes:
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                found.add(name)
            case ast.alias(name=name):
                found.update(name.split("."))
    return frozenset(found)


def called_names(nodes: Collection[ast.AST], aliases: Mapping[str, str]) -> frozenset[str]:
    """What `nodes` call, by last name and by dotted name, as written and with `aliases` written out.

    A call by another name counts as well: `put = model.add; put(layer)`, or `getattr(model, "add")(layer)`.
    """
    found: set[str] = set()
    by_name: set[str] = set()
    renamed: dict[str, list[ast.expr]] = {}
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute() as value):
                renamed.setdefault(name, []).append(value)
    for node in nodes:
        if isinstance(node, ast.Call):
            functions = [node.func]
            if last_name(node.func) in CALLERS:
                functions += node.args[:1]
            for function in functions:
                found |= spellings(function, aliases)
                match function:
                    case ast.Name(id=name):
                        by_name.add(name)
                    case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]) if (
                        name.isidentifier()
                    ):
                        found.add(name)
    # Afterwards and by name: as many calls may meet as many assignments.
    for meant in (value for name in by_name for value in renamed.get(name, ())):
        found |= spellings(meant, aliases)
    return frozenset(found)


def import_aliases(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """For each name that an import binds, what it stands for: {"tf": "tensorflow", "D": "keras.layers.Dense"}.

    What is longer than any real name is left out.
    """
    aliases: dict[str, str] = {}
    for node in nodes:
        match node:
            case ast.Import(names=names):
                aliases.update({one.asname: one.name for one in names if one.asname and _is_short(one.name)})
            case ast.ImportFrom(module=str(module), names=names, level=0) if _is_short(module):
                aliases.update({one.asname or one.name: f"{module}.{one.name}" for one in names if _is_short(one.name)})
    return aliases


def _is_short(name: str) -> bool:
    return len(name) <= ALIASED_LENGTH


def binds_dynamically(nodes: Iterable[ast.AST]) -> bool:
    """Whether `nodes` may bind names that the text does not show: `exec`, `globals()[...] = ...` and the like."""
    return any(isinstance(node, ast.Name) and node.id in _DYNAMIC for node in nodes)


def executed(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """`nodes` and all nodes below them, but for operators and the bodies that never run in an imported submission."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        yield node
        if is_never_run(node):
            waiting.extend(node.orelse)
            continue
        waiting += children(node)


def children(node: ast.AST) -> list[ast.AST]:
    """As `ast.iter_child_nodes`, in half its time, and without what only says load, store or add."""
    found: list[ast.AST] = []
    for name in node._fields:
        child = getattr(node, name, None)
        if isinstance(child, list):
            found += [item for item in child if isinstance(item, ast.AST)]
        elif isinstance(child, ast.AST) and not isinstance(child, _SIGNS):
            found.append(child)
    return found


def is_never_run(node: ast.AST) -> TypeGuard[ast.If]:
    """Whether `node` is an `if` whose body runs in a script (`__name__ == "__main__"`) or a type checker only."""
    if not isinstance(node, ast.If):
        return False
    match node.test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return any(
                isinstance(one, ast.Name)
                and one.id == "__name__"
                and isinstance(other, ast.Constant)
                and other.value == "__main__"
                for one, other in ((left, right), (right, left))
            )
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
    return False


def _with_packages(module: str) -> set[str]:
    """The module and its packages; nothing where the name is none, which only a call can ask for."""
    parts = module.split(".", DEPTH)[:DEPTH]
    if not all(part.isidentifier() for part in parts):
        return set()
    return {".".join(parts[:end]) for end in range(1, len(parts) + 1)}


def last_name(function: ast.expr) -> str | None:
    """The name that `function` ends in, or None where it is no name."""
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None


def dotted_name(node: ast.expr) -> str | None:
    """`node` as it is written, where it is a chain of names: "keras.layers.Dense"."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def spellings(function: ast.expr, aliases: Mapping[str, str]) -> set[str]:
    """The last name of `function`, and its dotted names where it is a chain of names."""
    last = last_name(function)
    if last is None:
        return set()
    written = dotted_name(function)
    if written is None:
        return {last}
    first, *rest = written.split(".")
    meant = ".".join([aliases.get(first, first), *rest])
    return {last, written, meant, meant.rpartition(".")[2]}
