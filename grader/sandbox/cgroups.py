"""Memory that is really used, limited by the kernel: a cgroup for each subject, where a folder of cgroups is ours.

That is so under systemd, which gives users a part of the tree to themselves. Elsewhere, and with the first version
of cgroups, the grader watches a subject's memory from outside and no cgroup is made. Only the pages that a fork has
written to count for it; those that it shares with the warm process do not.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import Final

_NEEDED: Final = frozenset({"memory", "pids"})
_REMOVING_SECONDS: Final = 0.5


class Cgroup:
    """A cgroup that holds one subject."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel killed something in it for its use of memory."""
        return _counter(self._folder / "memory.events", "oom_kill") > 0

    def peak_bytes(self) -> int:
        """The most memory that was used in it at one time; 0 where the kernel does not tell (before Linux 5.19)."""
        with contextlib.suppress(OSError, ValueError):
            return int((self._folder / "memory.peak").read_text(encoding="ascii"))
        return 0

    def close(self) -> None:
        """Remove it. What was in it has ended, which the kernel may notice a moment later."""
        deadline = time.monotonic() + _REMOVING_SECONDS
        while True:
            try:
                self._folder.rmdir()
            except FileNotFoundError:
                return
            except OSError:
                if time.monotonic() > deadline:
                    return
                time.sleep(0.005)
            else:
                return


def new_cgroup(parent: Path, name: str, pid: int, *, memory_bytes: int, threads: int) -> Cgroup | None:
    """A new cgroup `name` in `parent` with the process `pid` in it; None where that cannot be had after all."""
    group = Cgroup(parent / name)
    folder = parent / name
    try:
        folder.mkdir()
        (folder / "memory.max").write_text(str(memory_bytes), encoding="ascii")
        (folder / "pids.max").write_text(str(threads), encoding="ascii")
        # Without swap a limit is a limit; a kernel without swap has no such file.
        with contextlib.suppress(OSError):
            (folder / "memory.swap.max").write_text("0", encoding="ascii")
        (folder / "cgroup.procs").write_text(str(pid), encoding="ascii")
    except OSError:
        group.close()
        return None
    return group


def find_parent(root: Path = Path("/")) -> Path | None:
    """The folder in which cgroups with limits can be made, or None. `root` is where /proc and /sys are found."""
    try:
        memberships = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
        mounted = (root / "proc/self/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    own = next((line[3:] for line in memberships if line.startswith("0::/")), None)
    points = [fields[1] for fields in map(str.split, mounted) if len(fields) > 2 and fields[2] == "cgroup2"]
    if own is None or not points:
        return None
    top = root / points[0].lstrip("/")
    here = top / own.lstrip("/")
    # A cgroup that has processes of its own, as this process's has, can give its children no limits: one above may.
    return next((folder for folder in (here, here.parent) if folder.is_relative_to(top) and _may_limit(folder)), None)


def _may_limit(folder: Path) -> bool:
    try:
        given = (folder / "cgroup.subtree_control").read_text(encoding="ascii").split()
    except OSError:
        return False
    return set(given) >= _NEEDED and os.access(folder, os.W_OK) and os.access(folder / "cgroup.procs", os.W_OK)


def _counter(file: Path, name: str) -> int:
    with contextlib.suppress(OSError, ValueError):
        for line in file.read_text(encoding="ascii").splitlines():
            key, _, value = line.partition(" ")
            if key == name:
                return int(value)
    return 0
