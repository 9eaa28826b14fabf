"""Opening what students hand in: regular files of bounded size, never a link, never a device."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from grader.errors import SubmissionError
from grader.language import Text, _, reason_of
from grader.submission.wording import printable

MODULE_SUFFIX = ".py"
NOTEBOOK_SUFFIX = ".ipynb"
MODULE_BYTES = 1_000_000
"""no exercise comes near it; `measuring` bounds what is in them"""
NOTEBOOK_BYTES = 10_000_000
"""the outputs of a notebook may hold images"""

# Neither exists on Windows, where O_BINARY keeps the bytes as they are.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def read_bytes(path: Path, limit: int, *, called: str | None = None) -> bytes:
    """The bytes of the regular file at `path`, read once; an error speaks of what it is `called`, else of the path.

    Raises SubmissionError for anything else than a regular file, for more than `limit` bytes, and for a file that
    the system does not let us read.
    """
    spoken = path if called is None else called
    try:
        # Opening a device can already do something, so what it is comes first; fstat then rules out a swap.
        _require_file(spoken, path.lstat())
        descriptor = os.open(path, _OPEN_FLAGS)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            _require_file(spoken, status)
            raw = file.read(limit + 1) if status.st_size <= limit else None
    except (OSError, ValueError) as error:
        raise SubmissionError(
            _("{path} cannot be read: {reason}.", path=printable(spoken), reason=reason_of(error))
        ) from error
    if raw is None:
        raise _too_large(spoken, limit)
    return within_limit(spoken, raw, limit)


def within_limit(path: Path | str, raw: bytes, limit: int) -> bytes:
    """`raw`, the bytes of the file at `path`. Raises SubmissionError for more than `limit` bytes."""
    if len(raw) > limit:
        raise _too_large(path, limit)
    return raw


def _too_large(path: Path | str, limit: int) -> SubmissionError:
    return SubmissionError(
        _(
            "{path} is larger than {limit} MB, the most that is read. Remove large outputs or data from it.",
            path=printable(path),
            limit=limit // 1_000_000,
        )
    )


def is_regular_file(path: Path) -> bool:
    """Whether `path` is a regular file itself, and not a link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def refusal(path: Path | str, mode: int) -> Text | None:
    """Why what is at `path`, of file mode `mode`, is not read; None for a regular file."""
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISLNK(mode):
        return _("{path} is a link, and links are not followed. Put the file itself there.", path=printable(path))
    if stat.S_ISDIR(mode):
        return _("{path} is a folder with the name of a file. Rename it, or name the file in it.", path=printable(path))
    return _("{path} is not an ordinary file. Hand in a .py or .ipynb file.", path=printable(path))


def _require_file(path: Path | str, status: os.stat_result) -> None:
    reason = refusal(path, status.st_mode)
    if reason is not None:
        raise SubmissionError(reason)
