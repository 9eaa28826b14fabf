"""One submission, from the bytes of its file to everything that its text tells. Nothing of it is executed."""

from __future__ import annotations

import hashlib
import keyword
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from grader.errors import SubmissionError
from grader.language import _
from grader.records import Location
from grader.submission import notes
from grader.submission.calling import call_graph
from grader.submission.decoding import Fault
from grader.submission.facts import imported_modules, mentioned
from grader.submission.files import (
    MODULE_BYTES,
    MODULE_SUFFIX,
    NOTEBOOK_BYTES,
    NOTEBOOK_SUFFIX,
    read_bytes,
    within_limit,
)
from grader.submission.functions import function_facts
from grader.submission.measuring import WORDS
from grader.submission.pieces import Piece
from grader.submission.records import Chunk, Program, Submission, chunk_filename
from grader.submission.siblings import Helpers, is_installed, read_helpers
from grader.submission.slicing import blanked, needed_pieces
from grader.submission.sources import Source, as_problem, read_module, read_notebook, roughly
from grader.submission.wording import printable

LIMITS = {MODULE_SUFFIX: MODULE_BYTES, NOTEBOOK_SUFFIX: NOTEBOOK_BYTES}
TOLD = 20
"""most notes, and most problems, that are told"""

_NO_IDENTIFIER = re.compile(r"\W", re.ASCII)


def read_submission(path: Path, *, functions: Sequence[str], content: bytes | None = None) -> Submission:
    """What the file at `path` says about the asked `functions`, and the program to run for them.

    `content` are the file's bytes where it is not on disk as it is meant, such as a notebook that is being worked on.

    A module is taken whole, as Python would execute it. Of a notebook only that is taken which the asked functions
    reach. Text that Python cannot read is a problem of the submission, not an error.

    Raises SubmissionError where there is no file that can be read.
    """
    suffix = path.suffix.casefold()
    if suffix not in LIMITS:
        raise SubmissionError(_("{path} is neither a Python file (.py) nor a notebook (.ipynb).", path=printable(path)))
    limit = LIMITS[suffix]
    raw = read_bytes(path, limit) if content is None else within_limit(path, content, limit)
    is_notebook = suffix == NOTEBOOK_SUFFIX
    sources = read_notebook(raw) if is_notebook else (read_module(raw),)
    if isinstance(sources, Fault):
        sources = (Source(cell=None, original=roughly(raw), text="", fault=sources),)
    return _assembled(path, raw, sources, functions, is_notebook=is_notebook)


def _assembled(
    path: Path, raw: bytes, sources: Sequence[Source], functions: Sequence[str], *, is_notebook: bool
) -> Submission:
    file = printable(path.name)
    pieces = [piece for source in sources for piece in source.pieces]
    taken = needed_pieces(pieces, functions) if is_notebook else pieces
    nodes = [node for piece in taken for node in piece.walked]
    imports = imported_modules(nodes)
    helpers = read_helpers(imports, path, room=WORDS - sum(source.words for source in sources))
    facts = function_facts(
        functions,
        pieces,
        file=file,
        unread=[source for source in sources if source.fault is not None],
        starred=_starred(taken, helpers),
        undecidable=_is_undecidable(sources, taken, helpers),
    )
    all_notes = [
        *notes.command_notes(sources),
        *(notes.left_out_notes(sources, taken) if is_notebook else ()),
        *notes.repetition_notes(taken),
        *notes.leftover_notes(facts, taken),
        *helpers.notes,
    ]
    problems = [
        as_problem(source.fault, Location(file=file, line=source.fault.line, cell=source.cell), source.original)
        for source in sources
        if source.fault is not None
    ]
    return Submission(
        path=printable(path),
        sha256=hashlib.sha256(raw).hexdigest(),
        program=Program(
            module_name=_module_name(path),
            chunks=_notebook_chunks(sources, taken, file) if is_notebook else _module_chunks(sources, file),
            helpers=tuple(helpers.modules),
        ),
        functions=facts,
        imports=imports | helpers.imports,
        mentions=mentioned(nodes) | helpers.mentions,
        notes=tuple(all_notes[:TOLD]),
        problems=tuple((problems + helpers.problems)[:TOLD]),
        originals={
            **helpers.originals,
            **{chunk_filename(file, source.cell): source.original for source in sources},
        },
        graph=call_graph(taken),
    )


def _module_chunks(sources: Sequence[Source], file: str) -> tuple[Chunk, ...]:
    """The module as it is, unless Python cannot read it."""
    return tuple(Chunk(filename=file, cell=None, source=source.text) for source in sources if source.fault is None)


def _notebook_chunks(sources: Sequence[Source], taken: Sequence[Piece], file: str) -> tuple[Chunk, ...]:
    """The cells that hold a taken piece, with everything else in them blank."""
    by_cell: defaultdict[int | None, list[Piece]] = defaultdict(list)
    for piece in taken:
        by_cell[piece.cell].append(piece)
    return tuple(
        Chunk(
            filename=chunk_filename(file, source.cell),
            cell=source.cell,
            source=blanked(source.text, by_cell[source.cell]),
        )
        for source in sources
        if source.cell in by_cell
    )


def _starred(taken: Sequence[Piece], helpers: Helpers) -> dict[str, Location]:
    """The names that imports with a star bring from helpers, with their places there."""
    modules = dict.fromkeys(module for piece in reversed(taken) for module in reversed(piece.stars))
    # Each module once, by its last import: it may have as many names as there are imports of it.
    return {name: location for module in reversed(modules) for name, location in helpers.names.get(module, {}).items()}


def _is_undecidable(sources: Sequence[Source], taken: Sequence[Piece], helpers: Helpers) -> bool:
    """Whether names may come from where the text does not show."""
    no_text = any(source.fault is not None and not source.text for source in sources)
    return no_text or any(
        piece.is_dynamic or any(module not in helpers.names for module in piece.stars) for piece in taken
    )


def _module_name(path: Path) -> str:
    """The file's name as an identifier that shadows no module which a subject could want to import."""
    name = _NO_IDENTIFIER.sub("_", path.stem)
    if not name.isidentifier() or keyword.iskeyword(name):
        name = f"_{name}"
    return f"{name}_submission" if is_installed(name, beside=path.parent) else name
