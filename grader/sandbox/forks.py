"""A fork of the warm process, as the grader reaches and watches it."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from grader.sandbox import folders, mounts
from grader.sandbox.cgroups import Cgroup
from grader.sandbox.exceeding import SCRATCH_BYTES, SCRATCH_FILES
from grader.sandbox.process import Ended, Seen

_LOOKING_SECONDS: Final = 0.5
"""How often a scratch folder on a disk is looked through."""
_STAT_FIELDS: Final = 22
"""Fields of /proc/PID/stat after the name, as far as they are read."""
_STAT_BYTES: Final = 4096
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Fork:
    """A fork of the warm process, reached through a descriptor that can name no other process.

    `scratch_descriptor` is that of its scratch file system, None where its scratch folder is on a disk. Both
    descriptors are this object's to close. `ended` is called once with the scratch folder, when nobody can write to it
    any more.
    """

    def __init__(
        self,
        pid: int,
        *,
        descriptor: int,
        scratch: str,
        scratch_descriptor: int | None,
        baseline_bytes: int,
        reap: Callable[[int], Ended],
        ended: Callable[[str], None],
    ) -> None:
        self._pid = pid
        self._descriptor = descriptor
        self._scratch = scratch
        self._scratch_descriptor = scratch_descriptor
        self._baseline_bytes = baseline_bytes
        self._reap = reap
        self._tell_end = ended
        self._looked = time.monotonic()
        self.outer_pid = _outer_pid(descriptor)
        """The number that the grader's own process namespace has for it."""
        self._stat = _opened(f"/proc/{self.outer_pid}/stat")  # looked at with every answer, so it stays open
        self.cgroup: Cgroup | None = None
        """The cgroup that limits its memory, if it is in one."""

    def kill(self) -> None:
        """End it at once."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def wait_for_end(self, seconds: float) -> bool:
        """Whether it has ended, or ends within so many seconds."""
        return bool(select.select([self._descriptor], [], [], seconds)[0])

    def reap(self) -> Ended:
        """Wait for its end, and clear away what it leaves. Raises SandboxError, with everything cleared away too."""
        try:
            ended = self._reap(self._pid)
            peak, ran_out = max(0, ended.peak_bytes - self._baseline_bytes), False
            if self.cgroup is not None:
                peak, ran_out = self.cgroup.peak_bytes() or peak, self.cgroup.ran_out_of_memory()
            return Ended(ended.status, ended.cpu_seconds, peak, out_of_memory=ran_out)
        finally:
            if self.cgroup is not None:
                self.cgroup.close()
            for descriptor in (self._descriptor, self._scratch_descriptor, self._stat):
                if descriptor is not None:
                    os.close(descriptor)
            self._tell_end(self._scratch)

    def seen(self) -> Seen:
        """What it uses now; nothing once it has ended."""
        if self._stat is None:
            return Seen()
        try:
            # The name may hold anything, parentheses and spaces too; behind it are numbers only.
            fields = os.pread(self._stat, _STAT_BYTES, 0).rpartition(b")")[2].split()[:_STAT_FIELDS]
            user, system, threads, pages = (int(fields[index]) for index in (11, 12, 17, 21))
        except (OSError, ValueError, IndexError):
            return Seen()
        return Seen(
            resident_bytes=max(0, pages * _PAGE_BYTES - self._baseline_bytes),
            cpu_seconds=(user + system) / _TICKS,
            threads=threads,
            scratch_is_full=self._scratch_is_full(),
        )

    def _scratch_is_full(self) -> bool:
        if self._scratch_descriptor is not None:
            return mounts.is_full(self._scratch_descriptor)
        if time.monotonic() - self._looked < _LOOKING_SECONDS:
            return False
        self._looked = time.monotonic()
        return folders.holds_more_than(self._scratch, SCRATCH_BYTES, SCRATCH_FILES)


def _outer_pid(descriptor: int) -> int:
    for line in Path(f"/proc/self/fdinfo/{descriptor}").read_text(encoding="ascii").splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    return -1


def _opened(path: str) -> int | None:
    """A descriptor for reading; None where there is none to be had, as where /proc hides other users' processes."""
    try:
        return os.open(path, os.O_RDONLY)
    except OSError:
        return None
