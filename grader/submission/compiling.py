"""Whether Python's compiler, which runs in the grader's own process here, is done with a tree in reasonable time.

It writes the block of a `finally` anew for each way out of its `try`, which multiplies where one stands in another: a
page of text can take all memory there is. And it compares each name of a pattern with all others.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

from grader.submission.facts import children

COPIED: Final = 2_000
"""nodes that the compiler may write anew for all `finally` of a text together"""
CAPTURED: Final = 100
"""names in one pattern of a `match`"""

_CAPTURES = (ast.MatchAs, ast.MatchStar, ast.MatchMapping)
_EXITS = (ast.Return, ast.Break, ast.Continue)


def compiles_quickly(source: str, tree: ast.Module) -> bool:
    """Whether `tree`, that of `source`, holds nothing that the compiler takes out of proportion long for."""
    if "finally" not in source and "case" not in source:
        return True  # as nearly always, and sooner known than by a walk
    copied = 0
    patterns: list[ast.pattern] = []
    for node in _below([tree]):
        if isinstance(node, ast.match_case):
            patterns.append(node.pattern)
        elif isinstance(node, (ast.Try, ast.TryStar)) and node.finalbody:
            copies = 2
            for inner in _below([*node.body, *node.handlers, *node.orelse]):
                if _has_finally(inner):
                    return False
                copies += isinstance(inner, _EXITS)
            for inner in _below(node.finalbody):
                if _has_finally(inner):
                    return False
                copied += copies
            if copied > COPIED:
                return False
    return all(sum(isinstance(node, _CAPTURES) for node in _below([one])) <= CAPTURED for one in patterns)


def _has_finally(node: ast.AST) -> bool:
    return isinstance(node, (ast.Try, ast.TryStar)) and bool(node.finalbody)


def _below(nodes: Iterable[ast.AST]) -> Iterable[ast.AST]:
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        yield node
        waiting += children(node)
