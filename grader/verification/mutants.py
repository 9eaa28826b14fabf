"""Small realistic changes to a solution, made through its syntax tree: what a student might write instead. Pure."""

from __future__ import annotations

import ast
import copy
import difflib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

_ACTIVATIONS: Final = ("sigmoid", "relu", "softmax", "tanh", "linear")
_SWAPPED: Final[dict[type[ast.AST], Callable[[], ast.AST]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.USub: ast.UAdd,
}
_CONFUSED: Final[dict[str, tuple[str, ...]]] = {
    "maximum": ("minimum", "add"),
    "minimum": ("maximum",),
    "max": ("min", "sum"),
    "sum": ("mean", "prod"),
    "mean": ("sum", "median"),
    "argmax": ("argmin", "max"),
    "ceil": ("floor", "round"),
    "floor": ("ceil",),
    "exp": ("log", "sqrt"),
    "log": ("exp", "log10"),
    "sqrt": ("square",),
    "prod": ("sum",),
    "concatenate": ("stack",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "Dense": ("Dropout", "Activation"),
    "Flatten": ("GlobalAveragePooling1D",),
    "Sequential": ("Model",),
    "SGD": ("Adam", "RMSprop"),
    "Adam": ("SGD", "Nadam", "Adagrad"),
    "RMSprop": ("SGD", "Adagrad"),
    "Adagrad": ("Adam", "SGD"),
    "SparseCategoricalCrossentropy": ("CategoricalCrossentropy", "MeanSquaredError"),
}
"""Functions and classes that are taken for each other."""
_CONFUSED_TEXTS: Final[dict[str, tuple[str, ...]]] = {
    **{name: tuple(other for other in _ACTIVATIONS if other != name) for name in _ACTIVATIONS},
    "sparse_categorical_crossentropy": ("categorical_crossentropy", "binary_crossentropy", "mse"),
    "accuracy": ("loss", "mae", "acc"),
    "rmsprop": ("sgd", "adam"),
    "adam": ("sgd", "rmsprop"),
    "sgd": ("adam", "rmsprop"),
}
_SYMMETRIC: Final = frozenset({"maximum", "minimum", "add", "multiply", "logaddexp", "hypot", "gcd", "lcm"})
"""NumPy's functions of two arguments whose order does not matter: swapped, they are no other program."""
Edit = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed solution: its source, the line of the change in the unparsed solution, and the change as a diff."""

    source: str
    line: int
    before: str
    after: str
    diff: str


def mutants_of(source: str, *, most: int | None = None, seed: int = 0) -> list[Mutant]:
    """The mutants of a solution, each once and none equal to it, at most `most` of them drawn with `seed`.

    Docstrings, annotations and imports are left alone. Raises SyntaxError for a source that does not parse.
    """
    tree = ast.parse(source)
    original = ast.unparse(tree)
    found: dict[str, Mutant] = {}
    for number in range(_count(tree)):
        changed = ast.parse(source)
        for place, edit in enumerate(_edits(changed)):
            if place == number:
                edit()
                break
        text = ast.unparse(ast.fix_missing_locations(changed))
        if text != original and text not in found:
            found[text] = _mutant(original, text)
    mutants = list(found.values())
    if most is not None and len(mutants) > most:
        kept = set(random.Random(seed).sample(range(len(mutants)), most))  # noqa: S311 - a choice, not a secret
        mutants = [mutant for place, mutant in enumerate(mutants) if place in kept]
    return mutants


def _count(tree: ast.Module) -> int:
    return sum(1 for _edit in _edits(copy.deepcopy(tree)))


def _mutant(original: str, text: str) -> Mutant:
    old, new = original.splitlines(), text.splitlines()
    diff = list(difflib.unified_diff(old, new, "solution", "mutant", lineterm="", n=1))
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    start, end, begin, stop = next(
        (one[1], one[2], one[3], one[4]) for one in matcher.get_opcodes() if one[0] != "equal"
    )
    return Mutant(text + "\n", start + 1, "\n".join(old[start:end]), "\n".join(new[begin:stop]), "\n".join(diff[2:]))


def _edits(tree: ast.Module) -> Iterator[Edit]:
    """Every change that can be made to the functions and values of `tree`, as something to call once."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield from _of_block(node.body, is_function=True)
            for default in node.args.defaults:
                yield from _of_expression(default)
            yield from _of_parameters(node)
            yield from _in_place(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            yield from _of_expression(node.value)


def _of_parameters(function: ast.FunctionDef) -> Iterator[Edit]:
    """One argument taken for another one of the function."""
    names = [argument.arg for argument in function.args.args]
    for node in [inner for statement in function.body for inner in ast.walk(statement)]:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
            for other in names:
                if other != node.id:
                    yield partial(setattr, node, "id", other)


def _in_place(function: ast.FunctionDef) -> Iterator[Edit]:
    """What is returned last, written into the first argument as into an array; the argument is then returned."""
    last, parameters = function.body[-1], function.args.args
    if not parameters or not isinstance(last, ast.Return) or last.value is None or isinstance(last.value, ast.Name):
        return
    name = parameters[0].arg
    if any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(last.value)):
        place = ast.Subscript(ast.Name(name, ast.Load()), ast.Constant(...), ast.Store())
        changed = [ast.Assign([place], last.value), ast.Return(ast.Name(name, ast.Load()))]
        yield partial(function.body.__setitem__, slice(-1, None), changed)


def _of_block(block: list[ast.stmt], *, is_function: bool = False) -> Iterator[Edit]:
    first = 1 if is_function and block and _is_docstring(block[0]) else 0
    for place in range(first, len(block)):
        statement = block[place]
        if place + 1 < len(block):
            yield partial(_swap, block, place)
        if len(block) - first > 1 and not isinstance(statement, ast.Return):
            yield partial(_drop, block, place)
        if isinstance(statement, ast.Return) and statement.value is not None:
            yield from _of_return(block, place, statement.value)
        yield from _within(statement)


def _within(statement: ast.stmt) -> Iterator[Edit]:
    """The changes to a statement's own expressions, and to the blocks in it."""
    if isinstance(statement, ast.AugAssign):
        yield from _of_operator(statement)
    for part in (statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(part, name, None)
            if isinstance(inner, list):
                yield from _of_block(inner)
    for part in (statement, *getattr(statement, "items", ())):
        for field in ast.iter_child_nodes(part):
            if isinstance(field, ast.expr):
                yield from _of_expression(field)


def _of_return(block: list[ast.stmt], place: int, value: ast.expr) -> Iterator[Edit]:
    """The return dropped; and what is worked out written into the argument, which is then returned."""
    yield partial(block.__setitem__, place, ast.Expr(value))
    if isinstance(value, ast.BinOp) and isinstance(value.left, ast.Name):
        name = value.left.id
        changed = ast.AugAssign(ast.Name(name, ast.Store()), value.op, value.right)
        returned = ast.Return(ast.Name(name, ast.Load()))
        yield partial(block.__setitem__, slice(place, place + 1), [changed, returned])
    if isinstance(value, ast.Call) and value.args and not isinstance(value.args[0], ast.Starred):
        yield partial(block.__setitem__, place, ast.Return(value.args[0]))


def _of_expression(node: ast.expr) -> Iterator[Edit]:
    """The changes to one expression and all within it."""
    for inner in ast.walk(node):
        for kind, change in _CHANGES.items():
            if isinstance(inner, kind):
                yield from change(inner)


def _of_operator(node: Any) -> Iterator[Edit]:
    if type(node.op) in _SWAPPED:
        yield partial(setattr, node, "op", _SWAPPED[type(node.op)]())


def _of_comparison(node: ast.Compare) -> Iterator[Edit]:
    if type(node.ops[0]) in _SWAPPED:
        yield partial(node.ops.__setitem__, 0, _SWAPPED[type(node.ops[0])]())


def _of_list(node: Any) -> Iterator[Edit]:
    if isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        for place in range(len(node.elts)):
            yield partial(_drop, node.elts, place)
        for place in range(len(node.elts) - 1):
            yield partial(_swap, node.elts, place)


def _of_attribute(node: ast.Attribute) -> Iterator[Edit]:
    for other in _CONFUSED.get(node.attr, ()):
        yield partial(setattr, node, "attr", other)


def _of_slice(node: ast.Slice) -> Iterator[Edit]:
    if node.lower is not None and node.upper is None:
        yield partial(_swap_ends, node)


def _of_constant(node: ast.Constant) -> Iterator[Edit]:
    value = node.value
    others: tuple[object, ...] = ()
    if isinstance(value, bool):
        others = (not value,)
    elif isinstance(value, int):
        others = (value + 1, value - 1, value * 2, value // 2, -value, 0, float(value), value + 10)
    elif isinstance(value, float):
        others = (value * 2, value / 2, value + 1.0, -value, value * 10, value / 10)
    elif isinstance(value, str):
        others = _CONFUSED_TEXTS.get(value, (value.title(), f"{value}_1") if value else ())
    for other in dict.fromkeys(others):
        yield partial(setattr, node, "value", other)


def _of_call(node: ast.Call) -> Iterator[Edit]:
    for place in range(len(node.keywords)):
        yield partial(_drop, node.keywords, place)
    symmetric = isinstance(node.func, ast.Attribute) and node.func.attr in _SYMMETRIC and len(node.args) == 2
    for place in range(0 if symmetric else len(node.args) - 1):
        yield partial(_swap, node.args, place)
    if len(node.args) > 1:
        yield partial(_drop, node.args, -1)
    for place, argument in enumerate(node.args):
        if isinstance(argument, ast.Call) and argument.args:
            yield partial(node.args.__setitem__, place, argument.args[0])


_CHANGES: Final[dict[type[ast.AST] | tuple[type[ast.AST], ...], Callable[[Any], Iterator[Edit]]]] = {
    ast.Constant: _of_constant,
    (ast.BinOp, ast.UnaryOp, ast.BoolOp): _of_operator,
    ast.Compare: _of_comparison,
    ast.Call: _of_call,
    (ast.List, ast.Tuple): _of_list,
    ast.Attribute: _of_attribute,
    ast.Slice: _of_slice,
}


def _swap(items: list[Any], place: int) -> None:
    items[place], items[place + 1] = items[place + 1], items[place]


def _drop(items: list[Any], place: int) -> None:
    del items[place]


def _swap_ends(node: ast.Slice) -> None:
    node.lower, node.upper = node.upper, node.lower


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
