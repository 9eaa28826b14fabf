"""Which methods code calls on what may be an object of another library, such as a model.

The text does not say what a name stands for, so this errs on one side: a method counts unless its receiver is known to
be something else, a set for one. Parameters, attributes and what functions give back may be anything.
"""

from __future__ import annotations

import ast
import builtins
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from grader.records import Record
from grader.submission.facts import CALLERS, dotted_name, last_name

_PLAIN: Final = (
    *(ast.Constant, ast.JoinedStr, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.Lambda, ast.Compare),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
_TYPES: Final = frozenset(
    name for name, value in vars(builtins).items() if isinstance(value, type) and name not in {"super", "type"}
)
_LIBRARIES: Final = frozenset({"keras", "numpy", "operator", "tensorflow"})
"""Packages whose modules have functions that are called as methods are: `np.add`, `keras.layers.add`."""
_DEPTH: Final = 20
"""Names for names for names that are followed."""


class Bindings(Record, frozen=True, kw_only=True):
    """What the names of a program are given, in all of its scopes together.

    A name that is bound in several ways is in none of these but `bound`.
    """

    values: Mapping[str, tuple[ast.expr, ...]]
    """what is assigned to it"""
    classes: Mapping[str, ast.ClassDef]
    imports: Mapping[str, str]
    """the dotted name that it stands for"""
    bound: frozenset[str]


def bindings_of(nodes: Iterable[ast.AST], aliases: Mapping[str, str]) -> Bindings:
    """The bindings among `nodes`, which are all of a program's; `aliases` are those of its imports."""
    ways = Counter[str]()
    values: defaultdict[str, list[ast.expr]] = defaultdict(list)
    classes: dict[str, ast.ClassDef] = {}
    imported = Counter[str]()
    for node in nodes:
        ways.update(_bound_by(node))
        for name, value in _assigned_by(node):
            values[name].append(value)
        if isinstance(node, ast.ClassDef):
            classes[node.name] = node
        if isinstance(node, ast.alias):
            imported.update(_bound_by(node))
    return Bindings(
        values={name: tuple(given) for name, given in values.items() if len(given) == ways[name]},
        classes={name: node for name, node in classes.items() if ways[name] == 1},
        imports={name: aliases.get(name, name) for name, count in imported.items() if count == ways[name]},
        bound=frozenset(ways),
    )


def _bound_by(node: ast.AST) -> list[str]:
    """The names that this node alone binds, what is below it left out."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return [name]
        case ast.alias(name=module, asname=name):
            return [name or module.partition(".")[0]]
    return []


def _assigned_by(node: ast.AST) -> list[tuple[str, ast.expr]]:
    """The names that this node gives a value that is written out, with that value."""
    match node:
        case ast.Assign(targets=targets, value=value):
            return [(target.id, value) for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            return [(name, value)]
        case ast.NamedExpr(target=ast.Name(id=name), value=value):
            return [(name, value)]
    return []


def called_methods(nodes: Collection[ast.AST], bindings: Bindings) -> frozenset[str]:
    """The names of the methods that `nodes` call on what may be any object, in the ways that `called_names` knows."""
    renamed: defaultdict[str, list[ast.expr]] = defaultdict(list)
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute() as value):
                renamed[name].append(value)
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Call):
            functions = [node.func, *(node.args[:1] if last_name(node.func) in CALLERS else [])]
            functions += [meant for each in functions if isinstance(each, ast.Name) for meant in renamed[each.id]]
            for function in functions:
                match function:
                    case (
                        ast.Attribute(value=receiver, attr=method)
                        | ast.Call(func=ast.Name(id="getattr"), args=[receiver, ast.Constant(value=str(method)), *_])
                    ) if not _is_other(receiver, method, bindings, _DEPTH):
                        found.add(method)
    return frozenset(found)


def _is_other(receiver: ast.expr, method: str, bindings: Bindings, depth: int) -> bool:
    """Whether `receiver` is known to be no object of a library: a plain value, a module, or one that makes `method`."""
    if isinstance(receiver, ast.NamedExpr):
        receiver = receiver.value
    if isinstance(receiver, _PLAIN) or _is_module(receiver, bindings):
        return True
    if isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Name):
        name = receiver.func.id
        if name in _TYPES and name not in bindings.bound:
            return True
        own = bindings.classes.get(name)
        # Its code is looked at by itself, and counts where it calls the method of something else.
        return own is not None and not own.bases and any(getattr(part, "name", "") == method for part in own.body)
    if isinstance(receiver, ast.Name) and depth:
        given = bindings.values.get(receiver.id, ())
        return bool(given) and all(_is_other(value, method, bindings, depth - 1) for value in given)
    return False


def _is_module(receiver: ast.expr, bindings: Bindings) -> bool:
    """Whether this is a module of a library, and no class of it, as in `keras.Sequential.add(model, layer)`."""
    written = dotted_name(receiver)
    if written is None:
        return False
    root, *rest = written.split(".")
    meant = ".".join([bindings.imports.get(root, ""), *rest]).split(".")
    return meant[0] in _LIBRARIES and meant[-1].islower()
