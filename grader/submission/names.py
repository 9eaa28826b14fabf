"""Which names a piece of Python binds, changes and reads, by Python's own rules of scope."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from grader.submission.facts import children

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass
class Names:
    """The names of one scope.

    `read` are those that it takes from outside, or may; `changed` those whose object is changed in place, as in
    `CONFIG["a"] = 1`; `exported` those that a function within, once called, binds in the module by `global`.
    """

    bound: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    exported: set[str] = field(default_factory=set)
    global_: set[str] = field(default_factory=set)
    nonlocal_: set[str] = field(default_factory=set)


def module_names(statements: Iterable[ast.stmt]) -> Names:
    """The names of statements at the top level of a module. A name in `bound` may be in `read` too."""
    names = Names()
    _collect(statements, names)
    return names


def _collect(roots: Iterable[ast.AST], names: Names) -> None:
    """Add what `roots` say to `names`, scope by scope; within a scope without recursion, since chains can be long."""
    waiting: list[ast.AST] = list(roots)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                names.bound.add(node.name)
                waiting += node.decorator_list
                waiting += _signature(node.args)
                if node.returns is not None:
                    waiting.append(node.returns)
                _enter_function(node, node.body, names)
            case ast.Lambda():
                waiting += _signature(node.args)
                _enter_function(node, [node.body], names)
            case ast.ClassDef():
                names.bound.add(node.name)
                waiting += [*node.decorator_list, *node.bases, *node.keywords]
                _enter_class(node, names)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                waiting.append(node.generators[0].iter)
                _enter_comprehension(node, names)
            case _:
                _name(node, names)
                waiting += children(node)


def _name(node: ast.AST, names: Names) -> None:
    """Add the names that `node` itself says, its children aside."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            names.bound.add(name)
        case ast.Name(id=name):
            names.read.add(name)
        case ast.AugAssign(target=ast.Name(id=name)):
            names.read.add(name)
        case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
            names.changed |= root_name(node)
        case ast.Import() | ast.ImportFrom():
            names.bound |= {alias.asname or alias.name.partition(".")[0] for alias in node.names} - {"*"}
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            names.bound.add(name)
        case ast.MatchMapping(rest=str(name)):
            names.bound.add(name)
        case ast.Global():
            names.global_.update(node.names)
        case ast.Nonlocal():
            names.nonlocal_.update(node.names)


def root_name(node: ast.AST) -> set[str]:
    """The name at the left end of `a.b[c].d`, as a set of one; empty where no name stands there."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _signature(arguments: ast.arguments) -> list[ast.AST]:
    """What is evaluated where a function is defined: defaults and annotations."""
    annotations = [argument.annotation for argument in _all_arguments(arguments)]
    values = [*arguments.defaults, *arguments.kw_defaults, *annotations]
    return [value for value in values if value is not None]


def _all_arguments(arguments: ast.arguments) -> list[ast.arg]:
    starred = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]


def _enter_function(node: FunctionNode, body: Iterable[ast.AST], names: Names) -> None:
    inner = Names()
    _collect(body, inner)
    parameters = {argument.arg for argument in _all_arguments(node.args)} | _type_parameters(node)
    outer = inner.global_ | inner.nonlocal_
    inner.read -= (inner.bound | parameters) - outer
    names.read = united(names.read, inner.read)
    names.read |= inner.bound & outer
    names.exported = united(names.exported, inner.exported)
    names.exported |= inner.bound & inner.global_


def _enter_class(node: ast.ClassDef, names: Names) -> None:
    """A name that a class body binds is not seen by the methods, and may be read from outside before: keep all."""
    inner = Names()
    _collect(node.body, inner)
    inner.read -= _type_parameters(node)
    names.read = united(names.read, inner.read)
    names.exported = united(names.exported, inner.exported)


def _enter_comprehension(node: Comprehension, names: Names) -> None:
    inner = Names()
    values = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    first, *others = node.generators
    _collect([*values, first.target, *first.ifs, *others], inner)
    inner.read -= inner.bound
    inner.bound -= _targets(generator.target for generator in node.generators)  # `:=` binds outside the comprehension
    names.read = united(names.read, inner.read)
    names.bound = united(names.bound, inner.bound)
    names.exported = united(names.exported, inner.exported)


def _targets(targets: Iterable[ast.expr]) -> set[str]:
    """The names that `targets` bind. What stands in their brackets is not looked at, since it may be as long again."""
    found: set[str] = set()
    waiting = list(targets)
    while waiting:
        match waiting.pop():
            case ast.Name(id=name):
                found.add(name)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                waiting += parts
            case ast.Starred(value=value):
                waiting.append(value)
    return found


def united(one: set[str], other: set[str]) -> set[str]:
    """All names of both, in the larger of the two: scopes within scopes would else copy theirs again and again."""
    larger, smaller = (one, other) if len(one) >= len(other) else (other, one)
    larger |= smaller
    return larger


def _type_parameters(node: ast.AST) -> set[str]:
    """The names in the brackets of `def f[T](x: T)`, which Python 3.12 brought."""
    return {parameter.name for parameter in getattr(node, "type_params", ())}
