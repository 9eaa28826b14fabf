"""A process of its own for one submission, where there is no fork or no confinement to be had (macOS, Windows).

The first frame is answered once the imports are done, so that they count for no call.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any

import msgspec
import psutil

from grader.protocol import Channel, Kind, encode
from grader.records import Limits
from grader.sandbox import subject
from grader.sandbox.process import Ended


class Subprocess:
    """A plain child process, with the group that it leads."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._watched = psutil.Process(process.pid)
        self._baseline_bytes = 0
        self._peak_bytes = 0
        self._cpu_seconds = 0.0

    def begin(self) -> None:
        """Count memory from here on: what it has imported by now is not the submission's."""
        self._baseline_bytes = self._memory()

    def kill(self) -> None:
        """End it and its group at once."""
        self._memory()
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def wait_for_end(self, seconds: float) -> bool:
        """Whether it has ended, or ends within so many seconds."""
        self._memory()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.returncode is not None

    def reap(self) -> Ended:
        """Wait for its end. Time and memory are what was last seen of it."""
        status = self._process.wait()
        return Ended(status, self._cpu_seconds, self._peak_bytes)

    def resident_bytes(self) -> int:
        """The memory that it uses now, above what it began with."""
        return max(0, self._memory() - self._baseline_bytes)

    def _memory(self) -> int:
        with contextlib.suppress(psutil.Error):
            with self._watched.oneshot():
                times = self._watched.cpu_times()
                size = int(self._watched.memory_info().rss)
            self._cpu_seconds = times.user + times.system
            self._peak_bytes = max(self._peak_bytes, size - self._baseline_bytes)
            return size
        return 0


def spawn(
    command: list[str], connection: socket.socket, output: int, *, environment: dict[str, str], folder: str
) -> Subprocess:
    """Start `command` with one end of a socket pair for its channel and `output` for what it prints."""
    options: dict[str, Any] = {"env": environment, "cwd": folder, "stdout": output, "stderr": output}
    if os.name == "nt":
        process = subprocess.Popen(command, stdin=subprocess.PIPE, **options)
        # Windows hands a socket to one named process, in bytes that only that process can use.
        with process.stdin as pipe:  # type: ignore[union-attr]
            pipe.write(connection.share(process.pid))  # type: ignore[attr-defined]
    else:
        process = subprocess.Popen(
            [*command, str(connection.fileno())],
            stdin=subprocess.DEVNULL,
            pass_fds=(connection.fileno(),),
            start_new_session=True,
            **options,
        )
    return Subprocess(process)


def serve_subject(channel: Channel, limits: Limits) -> None:
    """A subject on its channel."""
    subject.serve(channel, limits.answer_bytes)


def _limit_itself(limits: Limits) -> None:
    """The kernel's limits where there are any; the address space of an interpreter is known on Linux only."""
    if os.name != "posix":
        return
    from grader.sandbox.confinement import set_limits  # noqa: PLC0415 - not on Windows

    baseline = psutil.Process().memory_info().vms if sys.platform.startswith("linux") else None
    with contextlib.suppress(OSError, ValueError):
        set_limits(limits, baseline_bytes=baseline)


def main(arguments: list[str]) -> None:
    """Run as `python -m grader.sandbox.plain CONFIGURATION [DESCRIPTOR]`."""
    configuration = json.loads(arguments[0])
    if os.name == "nt":
        connection = socket.fromshare(sys.stdin.buffer.read())  # type: ignore[attr-defined]
    else:
        connection = socket.socket(fileno=int(arguments[1]))
    channel = Channel(connection)
    for name in configuration["imports"]:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    limits = msgspec.convert(configuration["limits"], Limits)
    _limit_itself(limits)
    module, _, name = configuration["entry"].partition(":")
    entry = getattr(importlib.import_module(module), name)
    frame = channel.receive(limit=1024)
    channel.send(frame.number, Kind.ANSWER, encode(time.time(), limit=64))
    entry(channel, limits)


if __name__ == "__main__":
    main(sys.argv[1:])
