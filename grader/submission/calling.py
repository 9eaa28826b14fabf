"""Which top-level code of a program calls what, and what other top-level code it reaches."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping, Sequence

from grader.records import Record
from grader.submission.facts import called_names, import_aliases
from grader.submission.pieces import Piece
from grader.submission.receivers import bindings_of, called_methods


class CallGraph(Record, frozen=True, kw_only=True):
    """The calls of a program, statement by statement of its top level.

    `binders` has for each top-level name the numbers of the statements that it counts by, `called` what each statement
    calls, the functions in it included, `methods` the methods among that, and `reached` the names that each statement
    reads.
    """

    binders: Mapping[str, tuple[int, ...]]
    called: tuple[frozenset[str], ...]
    methods: tuple[frozenset[str], ...]
    reached: tuple[frozenset[str], ...]

    def calls(self, function: str) -> frozenset[str]:
        """What `function` and everything that it reaches call; nothing for a name that the program does not bind."""
        return frozenset().union(*(self.called[index] for index in self._reached(function)))

    def methods_of(self, function: str) -> frozenset[str]:
        """The methods that `function` and everything that it reaches call on what may be an object of a library."""
        return frozenset().union(*(self.methods[index] for index in self._reached(function)))

    def _reached(self, function: str) -> set[int]:
        """The numbers of the statements that `function` reaches."""
        done: set[int] = set()
        seen = {function}
        waiting = [function]
        while waiting:
            for index in self.binders.get(waiting.pop(), ()):
                if index not in done:
                    done.add(index)
                    new = self.reached[index] - seen
                    seen |= new
                    waiting.extend(new)
        return done


def call_graph(pieces: Sequence[Piece]) -> CallGraph:
    """The calls of the program that consists of `pieces`.

    Of a name that is bound several times the last binding counts, with the earlier ones that it builds on.
    """
    aliases = import_aliases(node for piece in pieces for node in piece.walked)
    bindings = bindings_of((node for piece in pieces for node in piece.walked), aliases)
    binders: defaultdict[str, list[int]] = defaultdict(list)
    for index, piece in enumerate(pieces):
        for name in piece.bound | piece.changed:
            if name in piece.bound and _replaces(name, piece):
                binders[name].clear()
            binders[name].append(index)
    return CallGraph(
        binders={name: tuple(indices) for name, indices in binders.items()},
        called=tuple(called_names(piece.walked, aliases) for piece in pieces),
        methods=tuple(called_methods(piece.walked, bindings) for piece in pieces),
        reached=tuple(piece.read for piece in pieces),
    )


def _replaces(name: str, piece: Piece) -> bool:
    """Whether `piece` gives `name` a value of its own in any case, whatever it was before."""
    if len(piece.nodes) > 1:
        return False
    node = piece.nodes[0]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return True
    own_value = (ast.ClassDef, ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom)
    return isinstance(node, own_value) and name not in piece.read
