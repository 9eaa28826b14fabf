"""The folder that a batch writes to, held by one batch at a time."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from grader.errors import UsageError
from grader.language import _, reason_of

if sys.platform != "win32":
    import fcntl

LOCK_FILE: Final = ".lock"


@contextlib.contextmanager
def held_out(out: Path) -> Iterator[None]:
    """Make the folder `out` and hold it, so that no second batch grades the same into it at once.

    The lock ends with the process, however that ends. Raises UsageError where the folder cannot be written, or where
    another batch holds it.
    """
    if out.exists() and not out.is_dir():
        raise UsageError(_("{path} is a file. Name a folder for OUT; it is made if it is not there.", path=str(out)))
    try:
        out.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(out / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise UsageError(_("{path} cannot be written: {reason}.", path=str(out), reason=reason_of(error))) from error
    try:
        _lock(descriptor, out)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, out: Path) -> None:
    if sys.platform == "win32":
        return  # where no batch runs: it is refused for that, and not for want of a lock
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UsageError(
            _(
                "Another `grade batch` is writing to {path} (process {process}). Wait until it has ended, or name "
                "another OUT.",
                path=str(out),
                process=os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "?",
            )
        ) from None
    except OSError:
        return  # a file system without locks; the gradebook has its own
    with contextlib.suppress(OSError):  # a full disk is told where it matters
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
