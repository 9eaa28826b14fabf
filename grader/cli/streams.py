"""Writing: what standard output can show, and files that are whole or not there at all."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from grader.errors import UsageError
from grader.language import Translator, _, reason_of

FILE_WIDTH: Final = 80
"""Cells of a page that goes to a file or a pipe."""
FILE_HEIGHT: Final = 24
"""Lines of a terminal, where nobody says how many there are."""
_SIGNS: Final = "✔✘○→•│·…█░"
"""What a page draws with; where the output cannot encode all of it, the page is drawn in ASCII."""


class NobodyReads(Exception):  # noqa: N818 - no error, as when `head` has seen enough
    """The other end of standard output is closed. Not an OSError, since click has its own way with that one."""


@dataclass(frozen=True, slots=True)
class View:
    """Whom a page is for: the language, cells in a line, lines on a screen, and what the output can show."""

    translator: Translator
    width: int
    color: bool
    unicode: bool
    verbose: bool = False
    height: int = FILE_HEIGHT


def view_for(
    translator: Translator,
    *,
    environment: Mapping[str, str],
    no_color: bool = False,
    to_file: bool = False,
    verbose: bool = False,
) -> View:
    """What standard output can show, or, with `to_file`, what a file in UTF-8 can."""
    if to_file or sys.stdout is None:
        return View(translator, FILE_WIDTH, color=False, unicode=True, verbose=verbose)
    from shutil import get_terminal_size  # noqa: PLC0415 - help does not wait for it

    on_terminal = sys.stdout.isatty()
    plain = no_color or bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
    size = get_terminal_size((FILE_WIDTH, FILE_HEIGHT))
    return View(
        translator,
        size.columns,
        color=on_terminal and not plain,
        unicode=_can_encode(sys.stdout, _SIGNS),
        verbose=verbose,
        height=size.lines,
    )


def write_text(text: str) -> None:
    """Write `text` to standard output; what its encoding does not have becomes a question mark.

    Raises UsageError where it cannot be written, and NobodyReads where nobody reads any more.
    """
    stream = _standard_output()
    encoding = stream.encoding or "utf-8"
    _write(stream, text.encode(encoding, errors="replace").decode(encoding))


def write_data(text: str) -> None:
    """Write `text` to standard output as UTF-8 with plain newlines, whatever the terminal's encoding: it is data."""
    stream = _standard_output()
    binary = getattr(stream, "buffer", None)
    if binary is None:
        _write(stream, text)
        return
    with _refusals("stdout"):
        stream.flush()
        binary.write(text.encode())
        binary.flush()


def check_writable(path: Path) -> None:
    """Raise UsageError if a file at `path` could not be written, before any work is done for it."""
    folder = path.parent
    if path.is_dir():
        raise UsageError(_("{path} is a folder; name a file to write.", path=str(path)))
    if not folder.is_dir():
        raise UsageError(_("There is no folder {folder}; make it first.", folder=str(folder)))
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise UsageError(_("{path} cannot be written: permission denied.", path=str(path)))


def write_file(path: Path, text: str, *, durable: bool = True) -> None:
    """Write `text` to `path` in UTF-8, all of it or nothing. Raises UsageError where that is not possible.

    Devices and pipes are written to as they are: to replace `/dev/null` by a file would be a bad surprise. Not
    `durable`, a file that can be written again may be lost when the machine itself fails; thousands take seconds then.
    """
    with _refusals(str(path)):
        target = path.resolve() if path.is_symlink() else path
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8", newline="\n")
            return
        draft = target.with_name(f".{target.name[:100]}.{os.urandom(4).hex()}")
        try:
            with draft.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
                if durable:
                    stream.flush()
                    os.fsync(stream.fileno())
            if target.exists():
                draft.chmod(target.stat().st_mode & 0o777)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)


@functools.cache
def error_stream() -> TextIO | None:
    """Standard error for this room's own lines; None where it is closed.

    It is a duplicate, since file descriptor 2 itself points elsewhere while libraries are imported that write to it.
    """
    if sys.stderr is None:
        return None
    try:
        duplicate = os.dup(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):  # a stream of somebody's own
        return sys.stderr
    return open(duplicate, "w", encoding=sys.stderr.encoding, errors="replace", buffering=1)  # noqa: PTH123 - a descriptor


def say(text: str) -> None:
    """One line on standard error. Never raises: there is nowhere left to tell it."""
    stream = error_stream()
    if stream is not None:
        with contextlib.suppress(OSError, ValueError):
            stream.write(text.encode(stream.encoding or "utf-8", "replace").decode(stream.encoding or "utf-8") + "\n")
            stream.flush()


def abandon_output() -> None:
    """Point standard output at nothing, so that the interpreter does not fail on it again while it ends."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)


def _standard_output() -> TextIO:
    if sys.stdout is None:
        raise UsageError(_("Standard output is closed; use --output FILE."))
    return sys.stdout


def _write(stream: TextIO, text: str) -> None:
    with _refusals("stdout"):
        stream.write(text)
        stream.flush()


@contextlib.contextmanager
def _refusals(name: str) -> Iterator[None]:
    """Tell what the system refuses in a sentence, apart from a pipe that nobody reads."""
    try:
        yield
    except BrokenPipeError as error:
        raise NobodyReads from error
    except (OSError, ValueError) as error:
        raise UsageError(_("{path} cannot be written: {reason}.", path=name, reason=reason_of(error))) from error


def _can_encode(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
