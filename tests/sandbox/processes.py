"""Processes as /proc shows them, for tests that look from outside."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether `condition` comes true within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def children_of(pid: int) -> list[int]:
    """The numbers of the processes that `pid` has started and that live, the oldest first."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        state, parent, began = _state(folder)
        if parent == pid and state != "Z":
            found.append((began, int(folder.name)))
    return [child for _began, child in sorted(found)]


def descendants_of(pid: int) -> list[int]:
    """Likewise with theirs, and so on."""
    below = children_of(pid)
    return below + [deeper for child in below for deeper in descendants_of(child)]


def lives(pid: int) -> bool:
    """Whether the process is there, and more than an entry that waits to be read."""
    return _state(Path(f"/proc/{pid}"))[0] not in {"", "Z", "X"}


def _state(folder: Path) -> tuple[str, int, int]:
    """The state, the parent, and when it began, in the system's ticks."""
    try:
        fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return "", -1, 0
    return fields[0], int(fields[1]), int(fields[19])
