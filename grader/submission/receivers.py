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

from msgspec.structs import replace

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
_BINDING: Final = frozenset(
    (
        *(ast.Name, ast.arg, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs),
        *(ast.MatchStar, ast.alias, ast.Assign, ast.AnnAssign, ast.NamedExpr),
    )
)
"""What may bind a name: one node in three."""
_DEPTH: Final = 20
"""Names for names for names that are followed."""
_CLASSES: Final = 20
"""Classes of a program's own that a name may be objects of; one of more may be anything."""


class Bindings(Record, frozen=True, kw_only=True):
    """What the names of a program are given, in all of its scopes together.

    A name that is bound in several ways is in none of these but `bound`.
    """

    objects: Mapping[str, frozenset[str]]
    """the classes of `makes` that it may be an object of; a name that may be anything else but plain is not here"""
    makes: Mapping[str, frozenset[str]]
    """what each class defines that has no base"""
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
        if type(node) not in _BINDING:
            continue
        ways.update(_bound_by(node))
        for name, value in _assigned_by(node):
            values[name].append(value)
        if isinstance(node, ast.ClassDef):
            classes[node.name] = node
        if isinstance(node, ast.alias):
            imported.update(_bound_by(node))
    bindings = Bindings(
        objects={},
        makes={
            name: frozenset(getattr(part, "name", "") for part in node.body)
            for name, node in classes.items()
            if ways[name] == 1 and not node.bases
        },
        imports={name: aliases.get(name, name) for name, count in imported.items() if count == ways[name]},
        bound=frozenset(ways),
    )
    return replace(
        bindings,
        objects=_objects({name: given for name, given in values.items() if len(given) == ways[name]}, bindings),
    )


def _objects(values: Mapping[str, Collection[ast.expr]], bindings: Bindings) -> dict[str, frozenset[str]]:
    """The names that are known to be no object of a library, each with the own classes that it may be objects of.

    Each round finds what stands for names of the round before. To follow each name by itself would take a time that
    multiplies with each name on the way.
    """
    found: dict[str, frozenset[str]] = {}
    waiting = dict(values)
    for _round in range(_DEPTH):
        known = replace(bindings, objects=found)
        new: dict[str, frozenset[str]] = {}
        for name, given in waiting.items():
            may_be = _union(_classes(value, known) for value in given)
            if may_be is not None:
                new[name] = may_be
        if not new:
            break
        found = {**found, **new}
        waiting = {name: given for name, given in waiting.items() if name not in new}
    return found


def _union(parts: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """All classes of `parts`; None where one of these is None, or where they are too many."""
    union: frozenset[str] = frozenset()
    for part in parts:
        if part is None:
            return None
        if not part <= union:
            union |= part
        if len(union) > _CLASSES:
            return None
    return union


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
    called: list[ast.expr] = []
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute() as value):
                renamed[name].append(value)
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Call):
            functions = [node.func, *(node.args[:1] if last_name(node.func) in CALLERS else [])]
            called += functions
    # Each name once: as many calls may meet as many assignments.
    names = {each.id for each in called if isinstance(each, ast.Name)}
    for function in (*called, *(meant for name in names for meant in renamed[name])):
        match function:
            case (
                ast.Attribute(value=receiver, attr=method)
                | ast.Call(func=ast.Name(id="getattr"), args=[receiver, ast.Constant(value=str(method)), *_])
            ) if method.isidentifier() and not _is_other(receiver, method, bindings):
                found.add(method)
    return frozenset(found)


def _is_other(receiver: ast.expr, method: str, bindings: Bindings) -> bool:
    """Whether `receiver` is known to be no object of a library: a plain value, a module, or one that makes `method`."""
    classes = _classes(receiver, bindings)
    # Their code is looked at by itself, and counts where it calls the method of something else.
    return classes is not None and all(method in bindings.makes[name] for name in classes)


def _classes(value: ast.expr, bindings: Bindings) -> frozenset[str] | None:
    """The own classes that `value` is an object of if it is not a plain value or a module; None if it may be more."""
    if isinstance(value, ast.NamedExpr):
        value = value.value
    if isinstance(value, _PLAIN) or _is_module(value, bindings):
        return frozenset()
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        name = value.func.id
        if name in _TYPES and name not in bindings.bound:
            return frozenset()
        return frozenset({name}) if name in bindings.makes else None
    return bindings.objects.get(value.id) if isinstance(value, ast.Name) else None


def _is_module(receiver: ast.expr, bindings: Bindings) -> bool:
    """Whether this is a module of a library, and no class of it, as in `keras.Sequential.add(model, layer)`."""
    written = dotted_name(receiver)
    if written is None:
        return False
    root, *rest = written.split(".")
    meant = ".".join([bindings.imports.get(root, ""), *rest]).split(".")
    return meant[0] in _LIBRARIES and meant[-1].islower()
