"""Which pieces of a notebook the asked functions need, by the names that they reach. Nothing else of it is run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from grader.submission.pieces import Piece


def needed_pieces(pieces: Sequence[Piece], functions: Iterable[str]) -> list[Piece]:
    """Those of `pieces` that a program with `functions` consists of, in order.

    A piece is taken if it binds a name that is needed, or changes the object of one by assignment
    (`CONFIG["a"] = 1`), and it then needs every name that it reads, in functions and their signatures as well.
    Compound statements are taken whole, all assignments of a name are taken, and so are all imports with a star.
    Everything else is left out: calls made for their effect (`model.fit(...)`, `names.append(...)`), `del`, and
    loops that bind nothing needed.
    """
    wanted = list(functions)
    binders = _binders(pieces)
    taken = {index for index, piece in enumerate(pieces) if piece.stars}
    if any(name not in binders for name in wanted):
        taken |= {index for index, piece in enumerate(pieces) if piece.is_dynamic}
    needed = set(wanted)
    waiting = wanted + [name for index in taken for name in pieces[index].read]
    while waiting:
        name = waiting.pop()
        for index in binders.pop(name, ()):
            if index not in taken:
                taken.add(index)
                new = pieces[index].read - needed
                needed |= new
                waiting.extend(new)
    cells = {pieces[index].cell for index in taken}
    return [piece for index, piece in enumerate(pieces) if index in taken or (piece.is_future and piece.cell in cells)]


def blanked(source: str, pieces: Iterable[Piece]) -> str:
    """`source` with every line blank that belongs to none of `pieces`."""
    kept = {line for piece in pieces for line in range(piece.start, piece.end + 1)}
    return "\n".join(line if number in kept else "" for number, line in enumerate(source.split("\n"), 1))


def _binders(pieces: Sequence[Piece]) -> dict[str, list[int]]:
    """For each name the indices of the pieces that bind it or change what it names."""
    binders: defaultdict[str, list[int]] = defaultdict(list)
    for index, piece in enumerate(pieces):
        for name in piece.bound | piece.changed | piece.exported:
            binders[name].append(index)
    return binders
