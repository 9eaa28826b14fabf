"""A launcher whose warm process is a fork of the nursery, which has everything imported and has run nothing yet."""

from __future__ import annotations

import contextlib
import functools
import os
import select
import signal
import socket
import subprocess
import time

from grader.records import SandboxMode
from grader.sandbox import warm
from grader.sandbox.launcher import WarmLauncher


def asking_launcher(nursery: socket.socket, imports: tuple[str, ...], mode: SandboxMode) -> WarmLauncher:
    """A launcher whose warm process the process behind `nursery` forks, as soon as that has imported. Linux only."""
    return WarmLauncher(imports, mode, start=functools.partial(_ask, nursery))


class _Fork:
    """As much of `subprocess.Popen` as a launcher needs, for a fork of another process, which tells of it over `told`.

    It may not have been made yet, and never is where the other process is gone.
    """

    stderr = None

    def __init__(self, told: socket.socket) -> None:
        self._told = told
        self._descriptor: int | None = None
        self._ended = False

    def kill(self) -> None:
        """End it at once; one that has not begun will find its control socket closed, and nobody waits for it."""
        if self._descriptor is None:
            self._end()
        elif not self._ended:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises `subprocess.TimeoutExpired` after `timeout` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        if self._descriptor is None and not self._ended:
            _await(self._told.fileno(), deadline)
            _message, descriptors, _flags, _address = socket.recv_fds(self._told, 16, 1)
            self._descriptor = descriptors[0] if descriptors else None
        if self._descriptor is not None and not self._ended:
            _await(self._descriptor, deadline)
        self._end()
        return 0

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._told.close()
            if self._descriptor is not None:
                os.close(self._descriptor)


def _await(descriptor: int, deadline: float | None) -> None:
    """Wait until there is something to read, or a process has ended. Raises `subprocess.TimeoutExpired`."""
    left = None if deadline is None else max(0.0, deadline - time.monotonic())
    if not select.select([descriptor], [], [], left)[0]:
        raise subprocess.TimeoutExpired(warm.__name__, left or 0.0)


def _ask(nursery: socket.socket, control: socket.socket, folder: str) -> _Fork:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        socket.send_fds(nursery, [os.fsencode(folder)], [control.fileno(), theirs.fileno()])
    return _Fork(ours)
