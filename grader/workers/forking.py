"""A warm process that is a fork of this one, for a process that has everything imported and has run nothing yet."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from typing import NoReturn

from grader.sandbox import confinement, warm
from grader.sandbox.launcher import Mode, WarmLauncher


def forked_launcher(imports: tuple[str, ...], mode: Mode) -> WarmLauncher:
    """A launcher whose warm process is forked here and now, instead of started anew. Linux only."""
    return WarmLauncher(imports, mode, start=_start)


class _Child:
    """As much of `subprocess.Popen` as a launcher needs, for a fork."""

    stderr = None

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = False

    def kill(self) -> None:
        """End it at once."""
        if not self._ended:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises `subprocess.TimeoutExpired` after `timeout` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._ended:
            pid, _status = os.waitpid(self._pid, 0 if deadline is None else os.WNOHANG)
            self._ended = pid != 0
            if not self._ended and deadline is not None:
                if time.monotonic() > deadline:
                    raise subprocess.TimeoutExpired(warm.__name__, timeout or 0.0)
                time.sleep(0.005)
        return 0


def _start(control: socket.socket, configuration: str, folder: str) -> _Child:
    pid = os.fork()
    if pid == 0:
        _become(control, configuration, folder)
    return _Child(pid)


def _become(control: socket.socket, configuration: str, folder: str) -> NoReturn:
    """The warm process's whole life."""
    try:
        os.setsid()
        confinement.close_descriptors({control.fileno()})
        os.chdir(folder)
        os.environ["HOME"] = folder
        warm.main([str(control.detach()), configuration])
    finally:
        # Nothing of the process that this is a fork of may go on here.
        os._exit(1)
