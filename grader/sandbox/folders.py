"""The folder that holds what subjects write: made, owned by a lock, removed whatever a submission has made of it.

A folder belongs to the process that holds the lock on it. A lock ends with its process, however that ends, and knows
no process numbers: a folder with the mark in it that can be locked was left behind, and the next start removes it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path
from typing import Final

if sys.platform != "win32":
    import fcntl

PREFIX: Final = "grade-"
MARK: Final = ".made-by-grade"
"""The file by which a folder of ours is told from one that only has such a name."""
_ATTEMPTS: Final = 10


class OwnedFolder:
    """A folder of its own in the system's temporary folder, readable by nobody else, and removed by `close`."""

    def __init__(self) -> None:
        for _ in range(_ATTEMPTS):
            self.path = tempfile.mkdtemp(prefix=PREFIX)
            self._lock = _lock(self.path)
            if self._lock is not None and Path(self.path).is_dir():
                Path(self.path, MARK).touch()
                return
        # Somebody takes every folder away, or locks do not work here: then nothing can be told to be left behind.
        self.path = tempfile.mkdtemp(prefix=PREFIX)
        self._lock = None

    def close(self) -> None:
        """Remove the folder; a second call does nothing."""
        remove(self.path)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _lock(path: str) -> int | None:
    """A descriptor that holds the lock on a folder, or None where another has it or there is none to be had."""
    if sys.platform == "win32":
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def remove_stale() -> None:
    """Remove the folders of this user whose owner is gone. Another user's are never touched."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX) and _is_ours(entry):
                descriptor = _lock(entry.path)
                if descriptor is not None:
                    remove(entry.path)
                    os.close(descriptor)


def owned_folders() -> list[str]:
    """The folders of this user, whoever of its processes has made them. Another user's are never among them."""
    if sys.platform == "win32":
        return []
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        return [entry.path for entry in entries if entry.name.startswith(PREFIX) and _is_ours(entry)]
    return []


def _is_ours(entry: os.DirEntry[str]) -> bool:
    with contextlib.suppress(OSError):
        if entry.is_dir(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_uid == os.geteuid():
            mark = os.lstat(os.path.join(entry.path, MARK))  # noqa: PTH118 - follows no link
            return stat.S_ISREG(mark.st_mode) and mark.st_uid == os.geteuid()
    return False


def remove(folder: str) -> None:
    """Remove a folder and all in it, however deep it is and whatever its permissions. Never raises OSError.

    Whoever could write to it must have ended.
    """
    if sys.platform == "win32":
        shutil.rmtree(folder, ignore_errors=True)
        return
    top = Path(folder)
    with contextlib.suppress(OSError):
        _open_up(top)
        _flatten(top)
        # The mark goes last of all, so that a removal which was interrupted can be taken up again.
        (top / MARK).unlink(missing_ok=True)
        top.rmdir()


def _flatten(top: Path) -> None:
    """Empty `top`, but for its mark, by moving what lies deeper up into it: no path grows, and nothing recurses."""
    moved = 0
    while paths := [path for path in top.iterdir() if path.name != MARK or _is_folder(path)]:
        for path in paths:
            if not _is_folder(path):
                path.unlink()
                continue
            _open_up(path)
            for inner in path.iterdir():
                if _is_folder(inner):
                    # A folder can be moved only by someone who may write to it.
                    _open_up(inner)
                    moved += 1
                    inner.rename(top / f"{PREFIX}{moved}-{os.urandom(4).hex()}")
                else:
                    inner.unlink()
            path.rmdir()


def _is_folder(path: Path) -> bool:
    return stat.S_ISDIR(path.lstat().st_mode)


def _open_up(folder: Path) -> None:
    folder.chmod(0o700)


def holds_more_than(folder: str, size: int, count: int) -> bool:
    """Whether the files in `folder` take more than `size` bytes of the disk, or are more than `count`."""
    total = found = 0
    waiting = [folder]
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                found += 1
                with contextlib.suppress(OSError):
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                if found > count or total > size:
                    return True
    return False
