"""The texts that a submission consists of: a module, or the code cells of a notebook, parsed as far as they can be."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from grader.language import _
from grader.records import Location, Record
from grader.submission.decoding import Fault, decode_module
from grader.submission.files import MODULE_BYTES
from grader.submission.magics import without_commands
from grader.submission.measuring import CELLS, WORDS, too_many_cells, too_many_words, words
from grader.submission.notebooks import read_cells
from grader.submission.parsing import nested_too_deeply, parse
from grader.submission.pieces import Piece, split
from grader.submission.records import SHOWN_LENGTH, SyntaxProblem
from grader.submission.wording import aligned


class Source(Record, frozen=True, kw_only=True):
    """A module's or a cell's text. `cell` is the cell's position in the notebook from 1, None for a module.

    `original` is the student's text with line feeds, `text` the same without notebook commands, which stood on the
    lines `commands`, and `words` is how many words and signs it has. Of `pieces` and `fault`, one says what the text
    is, and the other is empty.
    """

    cell: int | None
    original: str
    text: str
    pieces: tuple[Piece, ...] = ()
    fault: Fault | None = None
    commands: tuple[int, ...] = ()
    words: int = 0


def read_module(raw: bytes, *, room: int = WORDS) -> Source:
    """The Python file `raw`. A notebook that was exported to it may have left its commands in it.

    Text of more than `room` words and signs is a fault, and is not parsed.
    """
    text = decode_module(raw)
    if isinstance(text, Fault):
        return Source(cell=None, original=roughly(raw), text="", fault=text)
    count = words(text)
    if count > room:
        return Source(cell=None, original=text, text="", fault=too_many_words(), words=count)
    return _without_exported_commands(_parsed(text, cell=None))


def read_notebook(raw: bytes) -> tuple[Source, ...] | Fault:
    """The code cells of the notebook `raw`, each read by itself: one that does not parse spoils no other."""
    cells = read_cells(raw)
    if isinstance(cells, Fault):
        return cells
    if sum(len(cell.source or "") for cell in cells) > MODULE_BYTES:
        return Fault(
            message=_("This notebook holds more than 1 MB of code. Hand in the part that the exercise asks for.")
        )
    if sum(1 for cell in cells if cell.source != "") > CELLS:
        return too_many_cells()
    if sum(words(cell.source or "") for cell in cells) > WORDS:
        return too_many_words()
    return tuple(
        _parsed(cell.source, cell=cell.position)
        if cell.source is not None
        else Source(
            cell=cell.position,
            original="",
            text="",
            fault=Fault(message=_("This cell holds no text that can be read. Write it again in a new cell.")),
        )
        for cell in cells
    )


def read_cells_of(raw: bytes) -> tuple[Source, ...]:
    """The code cells of the notebook `raw`; none where it is no notebook."""
    sources = read_notebook(raw)
    return () if isinstance(sources, Fault) else sources


def as_problem(fault: Fault, location: Location, original: str) -> SyntaxProblem:
    """`fault` of the text `original`, at `location`."""
    lines = original.split("\n")
    line = lines[fault.line - 1] if fault.line <= len(lines) else ""
    column = fault.column if fault.column is not None and fault.column <= SHOWN_LENGTH + 1 else None
    return SyntaxProblem(location=location, message=fault.message, line=aligned(line, SHOWN_LENGTH), column=column)


def roughly(raw: bytes) -> str:
    """`raw` as text to show a line of, whatever it is."""
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").decode("utf-8", "replace")


def _parsed(original: str, cell: int | None) -> Source:
    source = _analysed(Source(cell=cell, original=original, text=original, words=words(original)))
    if source.fault is None:
        return source
    treated = without_commands(original, notebook=cell is not None)
    if not treated.commands:
        return source
    without = replace(source, text=treated.source, commands=treated.commands)
    return _analysed(without)


def _analysed(source: Source) -> Source:
    """`source` with its pieces or its fault."""
    if not source.text:
        return replace(source, fault=None)
    tree = parse(source.text, top_level_await=source.cell is not None)
    if isinstance(tree, Fault):
        return replace(source, fault=tree)
    try:
        return replace(source, pieces=tuple(split(tree, source.cell)), fault=None)
    except RecursionError:
        return replace(source, fault=nested_too_deeply())


def _without_exported_commands(source: Source) -> Source:
    """`source` without the statements `get_ipython().…(…)`, which is how Jupyter exports its commands."""
    exported = [piece for piece in source.pieces if len(piece.nodes) == 1 and _is_exported_command(piece.nodes[0])]
    if not exported:
        return source
    gone = {line for piece in exported for line in range(piece.start, piece.end + 1)}
    lines = ["" if number in gone else line for number, line in enumerate(source.text.split("\n"), 1)]
    return replace(
        source,
        text="\n".join(lines),
        pieces=tuple(piece for piece in source.pieces if piece.start not in gone),
        commands=tuple(sorted({*source.commands, *(piece.start for piece in exported)})),
    )


def _is_exported_command(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython"))))):
            return True
    return False
