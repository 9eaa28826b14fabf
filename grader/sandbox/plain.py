"""A process of its own for one submission, where there is no fork or no confinement to be had (macOS, Windows).

The first frame is answered once the imports are done, so that they count for no call; by what could not be imported.
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
from typing import Any, Final

import msgspec
import psutil

from grader.protocol.frames import Channel, Kind
from grader.protocol.values import encode
from grader.records import Limits
from grader.sandbox import folders, subject
from grader.sandbox.exceeding import SCRATCH_BYTES, SCRATCH_FILES
from grader.sandbox.importing import failure
from grader.sandbox.process import Ended, Seen

_ANSWER_BYTES: Final = 64 * 1024
_LOOKING_SECONDS: Final = 0.5
"""How often its folder and the processes that it has started are looked through."""


class Subprocess:
    """A plain child process, with the group that it leads and what that starts. `folder` is where it may write."""

    def __init__(self, process: subprocess.Popen[bytes], folder: str) -> None:
        self._process = process
        self._folder = folder
        self._watched = psutil.Process(process.pid)
        self._baseline_bytes = 0
        self._last = Seen()
        self._peak_bytes = 0
        self._looked = 0.0
        self._started = 0
        self._is_full = False

    def begin(self) -> None:
        """Count memory from here on: what it has imported by now is not the submission's."""
        self._baseline_bytes = self.seen().resident_bytes

    def kill(self) -> None:
        """End it and its group at once."""
        self.seen()
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def wait_for_end(self, seconds: float) -> bool:
        """Whether it has ended, or ends within so many seconds."""
        self.seen()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.returncode is not None

    def reap(self) -> Ended:
        """Wait for its end, and clear away its folder. Time and memory are what was last seen of it."""
        status = self._process.wait()
        folders.remove(self._folder)
        return Ended(status, self._last.cpu_seconds, self._peak_bytes)

    def seen(self) -> Seen:
        """What it uses now, or did when it was last seen. Processes that it has started count as its threads."""
        with contextlib.suppress(psutil.Error):
            with self._watched.oneshot():
                times = self._watched.cpu_times()
                size = int(self._watched.memory_info().rss)
                threads = self._watched.num_threads()
            # Every process of the machine and every file in the folder: not as often as the rest.
            if time.monotonic() - self._looked > _LOOKING_SECONDS:
                self._looked = time.monotonic()
                self._started = len(self._watched.children(recursive=True))
                self._is_full = folders.holds_more_than(self._folder, SCRATCH_BYTES, SCRATCH_FILES)
            self._last = Seen(
                resident_bytes=max(0, size - self._baseline_bytes),
                cpu_seconds=times.user + times.system,
                threads=threads + self._started,
                scratch_is_full=self._is_full,
            )
            self._peak_bytes = max(self._peak_bytes, self._last.resident_bytes) if self._baseline_bytes else 0
        return self._last


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
    return Subprocess(process, folder)


def serve_subject(channel: Channel, limits: Limits) -> None:
    """A subject on its channel."""
    subject.serve(channel, limits.answer_bytes)


def _limit_itself(limits: Limits) -> None:
    """The kernel's limits where there are any; the address space of an interpreter is known on Linux only."""
    if os.name != "posix":
        return
    from grader.sandbox.confinement import kernel_limits, set_limits  # noqa: PLC0415 - not on Windows

    baseline = psutil.Process().memory_info().vms if sys.platform.startswith("linux") else None
    with contextlib.suppress(OSError, ValueError):
        set_limits(kernel_limits(limits, baseline_bytes=baseline))


def main(arguments: list[str]) -> None:
    """Run as `python -m grader.sandbox.plain CONFIGURATION [DESCRIPTOR]`."""
    configuration = json.loads(arguments[0])
    if os.name == "nt":
        connection = socket.fromshare(sys.stdin.buffer.read())  # type: ignore[attr-defined]
    else:
        connection = socket.socket(fileno=int(arguments[1]))
    channel = Channel(connection)
    del sys.argv[1:]  # nothing that is imported is to find words there
    failed: dict[str, str] = {}
    for name in configuration["imports"]:
        try:
            importlib.import_module(name)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - told to whoever started this
            failed[name] = failure(error)
    limits = msgspec.convert(configuration["limits"], Limits)
    _limit_itself(limits)
    module, _, name = configuration["entry"].partition(":")
    entry = getattr(importlib.import_module(module), name)
    frame = channel.receive(limit=1024)
    channel.send(frame.number, Kind.ANSWER, encode(failed, limit=_ANSWER_BYTES))
    entry(channel, limits)


if __name__ == "__main__":
    main(sys.argv[1:])
