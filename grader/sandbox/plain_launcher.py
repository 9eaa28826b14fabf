"""Starting processes as plain subprocesses, where there is no warm process to fork."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import tempfile
from collections.abc import Mapping
from typing import Final

import msgspec

from grader.errors import SandboxError, SubmissionFault
from grader.language import _
from grader.protocol.frames import Channel
from grader.records import Limits, SandboxFacts, SandboxLevel
from grader.sandbox import folders, plain
from grader.sandbox.environment import clean_environment, python_command
from grader.sandbox.process import Process

TRUSTED_LIMITS: Final = Limits(cpu_seconds=3600.0, memory_bytes=4 * 1024**3)
"""Of the grader's own processes, which live for many requests; each request has a time limit of its own."""
_SUBJECT_ENTRY: Final = "grader.sandbox.plain:serve_subject"
_READY_SECONDS: Final = 120.0


def end(process: Process) -> None:
    """Kill it, whether or not anybody can tell how it ends."""
    # Without a warm process nobody can tell how it ended, and it has ended with that.
    with contextlib.suppress(SandboxError):
        process.kill()


class PlainLauncher:
    """A fresh interpreter for each process: slow, unconfined but for limits, and to be had everywhere."""

    def __init__(self, imports: tuple[str, ...]) -> None:
        self._imports = imports
        folders.remove_stale()
        self._folder = folders.OwnedFolder()
        self._running: list[Process] = []
        self._failed: dict[str, str] = {}

    @property
    def facts(self) -> SandboxFacts:
        """Nothing is confined."""
        return SandboxFacts(level=SandboxLevel.NONE, layers=())

    @property
    def usable(self) -> bool:
        """Always: every process is a fresh one."""
        return True

    @property
    def failed(self) -> Mapping[str, str]:
        """What the processes so far could not import, and why."""
        return self._failed

    @property
    def folder(self) -> None:
        """None: nobody would remove it if this process were killed."""

    def start_subject(self, limits: Limits) -> Process:
        """A subprocess that will hold one submission. Raises SandboxError."""
        return self._start(_SUBJECT_ENTRY, limits)

    def start_trusted(self, entry: str) -> Process:
        """A subprocess that runs the grader's own `entry`. Raises SandboxError."""
        return self._start(entry, TRUSTED_LIMITS)

    def close(self) -> None:
        """Kill what still runs, and remove the scratch folders."""
        with contextlib.ExitStack() as last_first:
            last_first.callback(self._folder.close)
            for process in self._running:
                last_first.callback(end, process)

    def _start(self, entry: str, limits: Limits) -> Process:
        scratch = tempfile.mkdtemp(prefix="scratch-", dir=self._folder.path)
        configuration = json.dumps({"imports": self._imports, "entry": entry, "limits": msgspec.to_builtins(limits)})
        ours, theirs = socket.socketpair()
        output, written = os.pipe()
        with contextlib.ExitStack() as undo:
            undo.callback(ours.close)
            undo.callback(os.close, output)
            try:
                child = plain.spawn(
                    python_command(plain.__name__, configuration),
                    theirs,
                    written,
                    environment=clean_environment() | {"HOME": scratch, "TMPDIR": scratch},
                    folder=scratch,
                )
            finally:
                os.close(written)
                theirs.close()
            undo.pop_all()
        process = Process(Channel(ours), output, child, limits)
        try:
            # The first answer would otherwise have to wait for the imports, within the limit of one call.
            self._failed = process.ask({"do": "hello"}, seconds=_READY_SECONDS)
        except SubmissionFault:
            lines = process.take_printed().strip().splitlines()
            raise SandboxError(
                _("A subject could not be started: {reason}", reason=lines[-1] if lines else "no message")
            ) from None
        child.begin()
        self._running.append(process)
        return process
