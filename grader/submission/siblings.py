"""Modules of a student's own that lie beside the submission and that it imports, read as text."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.machinery import PathFinder
from pathlib import Path

from grader.errors import SubmissionError
from grader.language import Text, _
from grader.records import Location
from grader.submission.facts import imported_modules, mentioned
from grader.submission.files import MODULE_BYTES, MODULE_SUFFIX, is_regular_file, read_bytes
from grader.submission.measuring import WORDS
from grader.submission.pieces import Piece
from grader.submission.records import Helper, SyntaxProblem
from grader.submission.sources import as_problem, read_module
from grader.submission.wording import printable

HELPERS = 20
HELPER_BYTES = 2_000_000
"""of all of them together"""
_GRADER = __name__.partition(".")[0]


@dataclass
class Helpers:
    """What was found beside a submission. `names` are those that each module, by name, offers to a star import."""

    modules: list[Helper] = field(default_factory=list)
    originals: dict[str, str] = field(default_factory=dict)
    names: dict[str, dict[str, Location]] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)
    mentions: set[str] = field(default_factory=set)
    problems: list[SyntaxProblem] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    room: int = WORDS
    """words and signs that may still be read"""
    room_bytes: int = HELPER_BYTES


def read_helpers(imports: Iterable[str], submission: Path, *, room: int = WORDS) -> Helpers:
    """The modules beside `submission` among `imports`, those that they import in turn, and so on, at most 20.

    No more is read once they have more than `room` words and signs together, or `HELPER_BYTES`, and a note says so.

    A file that has the name of an installed module, or of one of Python's own, is left alone, and a note says so.
    """
    helpers = Helpers(room=room)
    folder = submission.parent
    seen = {submission.stem} if submission.suffix.casefold() == MODULE_SUFFIX else set()
    waiting = deque(sorted(_top_level(imports) - seen))
    seen.update(waiting)
    while waiting:
        name = waiting.popleft()
        path = folder / (name + MODULE_SUFFIX)
        if not is_regular_file(path):
            continue
        if is_installed(name, beside=folder):
            helpers.notes.append(
                _(
                    "{file} is not used, because {name} is the name of an installed module. Rename your file.",
                    file=printable(path.name),
                    name=name,
                )
            )
        elif len(helpers.modules) == HELPERS:
            helpers.notes.append(_("Only {count} modules beside the submission are read.", count=HELPERS))
            break
        else:
            new = _read(name, path, helpers)
            if new is None:
                helpers.notes.append(
                    _(
                        "{file} and what would follow is not read: the submission and the modules beside it are too "
                        "much together. Hand in what the exercise asks for.",
                        file=printable(path.name),
                    )
                )
                break
            unseen = _top_level(new) - seen
            seen |= unseen
            waiting.extend(sorted(unseen))
    return helpers


def is_installed(name: str, *, beside: Path) -> bool:
    """Whether a top-level module `name` is Python's own, the grader's, or installed.

    What lies beside the submission or in the current folder does not make a module installed.
    """
    if name in sys.stdlib_module_names or name == _GRADER:
        return True
    folders = [entry for entry in sys.path if entry]
    if not _is_in(name, folders):  # as nearly always, and sooner known than which folders count
        return False
    own = {os.path.realpath(folder) for folder in (beside, Path())}
    return _is_in(name, [folder for folder in folders if os.path.realpath(folder) not in own])


def _is_in(name: str, folders: list[str]) -> bool:
    try:
        return PathFinder.find_spec(name, folders) is not None
    except (ImportError, ValueError):
        return False


def _read(name: str, path: Path, helpers: Helpers) -> frozenset[str] | None:
    """Add the module at `path` to `helpers`. The modules that it imports; None where there is no room for it."""
    file = printable(path.name)
    try:
        raw = read_bytes(path, MODULE_BYTES)
    except SubmissionError as error:
        helpers.notes.append(error.message if isinstance(error.message, Text) else Text(error.message))
        return frozenset()
    helpers.room_bytes -= len(raw)
    if helpers.room_bytes < 0:
        return None
    source = read_module(raw, room=helpers.room)
    helpers.room -= source.words
    if helpers.room < 0:
        return None
    helpers.originals[file] = source.original
    helpers.modules.append(Helper(name=name, filename=file, source=source.text))
    if source.fault is not None:
        location = Location(file=file, line=source.fault.line)
        helpers.problems.append(as_problem(source.fault, location, source.original))
    helpers.names[name] = _offered(source.pieces, file)
    nodes = [node for piece in source.pieces for node in piece.walked]
    imports = imported_modules(nodes)
    helpers.imports |= imports
    helpers.mentions |= mentioned(nodes)
    return imports


def _offered(pieces: Iterable[Piece], file: str) -> dict[str, Location]:
    return {
        name: Location(file=file, line=piece.start)
        for piece in pieces
        for name in sorted(piece.bound)
        if not name.startswith("_")
    }


def _top_level(modules: Iterable[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}
