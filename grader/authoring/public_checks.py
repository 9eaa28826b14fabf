"""The public part of a check file: its public checks, and what of the rest of the file they use."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from grader.checking import CheckSpec
from grader.records import Visibility

_HEAD = '"""Public checks; there are others, which are not here."""\n'


def public_part(source: str, checks: Iterable[CheckSpec]) -> str | None:
    """The text of a check file with the public ones of `checks` alone; None where there are none.

    What they do not use of the file is left out, comments between definitions too: nothing of a hidden check is in it.
    A public check no longer needs hidden ones.
    """
    public = {check.id.partition("[")[0] for check in checks if check.visibility is Visibility.PUBLIC}
    if not public:
        return None
    tree = ast.parse(source)
    named = [(_names(node), node) for node in tree.body]
    wanted = [node for names, node in named if names & public]
    used = set().union(*(_used(node, public) for node in wanted))
    kept = {id(node) for node in wanted}
    while True:
        more = [node for names, node in named if names & used and id(node) not in kept and not _is_check(names)]
        if not more:
            break
        kept |= {id(node) for node in more}
        used |= set().union(*(_used(node, public) for node in more))
    parts = [_HEAD]
    for _names_of, node in named:
        if isinstance(node, ast.Import | ast.ImportFrom):
            text = _import(node, used)
        elif id(node) in kept:
            text = ast.unparse(_without_hidden_needs(node, public))
        else:
            continue
        if text:
            parts.append(text)
    return "\n\n".join(parts) + "\n"


def _is_check(names: set[str]) -> bool:
    return any(name.startswith("test_") for name in names)


def _names(node: ast.stmt) -> set[str]:
    """What a statement of the file defines, apart from imports."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
    return set()


def _used(node: ast.stmt, public: set[str]) -> set[str]:
    """The names that a statement uses; a fixture is used by the name of an argument."""
    node = _without_hidden_needs(node, public)
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    return names | {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}


def _import(node: ast.Import | ast.ImportFrom, used: set[str]) -> str:
    """The import of what is used alone; nothing where nothing is."""
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        return ast.unparse(node)
    names = [alias for alias in node.names if (alias.asname or alias.name.partition(".")[0]) in used]
    if not names:
        return ""
    if isinstance(node, ast.Import):
        return ast.unparse(ast.Import(names=names))
    return ast.unparse(ast.ImportFrom(module=node.module, names=names, level=node.level))


def _without_hidden_needs(node: ast.stmt, public: set[str]) -> ast.stmt:
    """A copy of a check whose `needs` name public checks alone."""
    if not isinstance(node, ast.FunctionDef):
        return node
    copy = ast.parse(ast.unparse(node)).body[0]
    for keyword in [one for one in ast.walk(copy) if isinstance(one, ast.keyword) and one.arg == "needs"]:
        if isinstance(keyword.value, ast.List | ast.Tuple):
            keyword.value.elts = [
                need for need in keyword.value.elts if isinstance(need, ast.Name) and need.id in public
            ]
    return copy
