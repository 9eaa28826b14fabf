"""Starting processes as forks of one warm process."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Protocol

import msgspec

from grader.errors import ConfinementError, SandboxError
from grader.language import Text, _
from grader.protocol.frames import Channel
from grader.records import Limits, SandboxFacts, SandboxLevel, SandboxMode
from grader.sandbox import confinement, folders, warm
from grader.sandbox.advice import advice, this_machine
from grader.sandbox.cgroups import find_parent, new_cgroup
from grader.sandbox.environment import clean_environment, python_command
from grader.sandbox.exceeding import THREADS
from grader.sandbox.forks import Fork
from grader.sandbox.plain_launcher import TRUSTED_LIMITS, end
from grader.sandbox.process import Ended, Process

_READY_SECONDS: Final = 300.0
_FORK_SECONDS: Final = 20.0
_ENDING_SECONDS: Final = 10.0


def _no_confinement(missing: tuple[str, ...]) -> Text:
    return _(
        "Full confinement was asked for and is not to be had here (missing: {missing}). {remedy} "
        "`grade doctor` shows every layer; `--sandbox auto` grades with what there is.",
        missing=", ".join(missing),
        remedy=advice(missing[0], this_machine()),
    )


@dataclass
class _Facts:
    """What is known of the confinement so far: the layers that all subjects had."""

    layers: tuple[str, ...] | None = None

    def add(self, layers: tuple[str, ...]) -> None:
        common = layers if self.layers is None else tuple(name for name in self.layers if name in layers)
        self.layers = common

    def record(self) -> SandboxFacts:
        layers = self.layers or ()
        return SandboxFacts(level=confinement.level_of(layers), layers=layers)


class WarmHandle(Protocol):
    """As much of `subprocess.Popen` as a launcher needs of the warm process."""

    @property
    def stderr(self) -> IO[bytes] | None:
        """Where its last words are read, if anywhere."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises `subprocess.TimeoutExpired` after `timeout` seconds."""

    def kill(self) -> None:
        """End it at once."""


StartWarm = Callable[[socket.socket, str], WarmHandle]
"""Starts `warm.main` in a new process, given its control socket and its current folder."""


def start_interpreter(control: socket.socket, folder: str) -> WarmHandle:
    """The warm process as an interpreter of its own."""
    return subprocess.Popen(
        python_command(warm.__name__, str(control.fileno())),
        env=clean_environment() | {"HOME": folder},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        pass_fds=(control.fileno(),),
        start_new_session=True,
    )


class WarmLauncher:
    """Forks of one warm process. Linux only.

    `without` names layers of confinement that are left out, so that a test sees what their absence does; nothing that
    a user or a submission says ever gets there. `start` starts the warm process, which is `warm.main`.
    """

    def __init__(
        self,
        imports: tuple[str, ...],
        mode: SandboxMode,
        *,
        without: frozenset[str] = frozenset(),
        start: StartWarm | None = None,
    ) -> None:
        self._mode = mode
        self._facts = _Facts()
        folders.remove_stale()
        self._folder = folders.OwnedFolder()
        self._running: list[Process] = []
        self._unused: list[str] = []
        # One request at a time: training and grading may ask from different threads.
        self._lock = threading.Lock()
        self._baseline_bytes = 0
        self._ready = False
        self._failed: dict[str, str] = {}
        confined = mode != "off"
        self._cgroups = find_parent() if confined and confinement.CGROUP not in without else None
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        configuration = {
            "imports": imports,
            "confined": confined,
            "folder": self._folder.path,
            "without": sorted(without),
        }
        with theirs:
            self._process = (start or start_interpreter)(theirs, self._folder.path)
        with contextlib.suppress(OSError):  # one that is gone is noticed where it is asked for something
            self._control.send(json.dumps(configuration).encode())

    @property
    def facts(self) -> SandboxFacts:
        """How every subject so far was confined."""
        return self._facts.record()

    @property
    def folder(self) -> str:
        """The folder that the scratch folders are in; its warden removes it when this process is gone."""
        return self._folder.path

    @property
    def usable(self) -> bool:
        """Whether the warm process has always answered so far."""
        return self._control.fileno() >= 0

    @property
    def failed(self) -> Mapping[str, str]:
        """What the warm process could not import, and why."""
        return self._failed

    def start_subject(self, limits: Limits) -> Process:
        """A fork that will hold one submission. Raises SandboxError, or ConfinementError if that is required."""
        process, layers = self._fork({"role": "subject", "entry": ""}, limits)
        self._facts.add(layers)
        if self._mode == "required" and confinement.level_of(layers) is not SandboxLevel.FULL:
            process.kill()
            raise ConfinementError(_no_confinement(confinement.missing_from(layers)))
        return process

    def start_trusted(self, entry: str) -> Process:
        """A fork that runs the grader's own `entry`, confined as a subject is. Raises SandboxError."""
        return self._fork({"role": "trusted", "entry": entry}, TRUSTED_LIMITS)[0]

    def close(self) -> None:
        """Kill the warm process and with it everything in its namespaces, and remove the scratch folders.

        Every step is taken, whatever becomes of those before it.
        """
        with contextlib.ExitStack() as last_first:
            last_first.callback(self._folder.close)
            if self._process.stderr:
                last_first.callback(self._process.stderr.close)
            last_first.callback(self._end_warm_process)
            last_first.callback(self._control.close)
            for process in self._running:
                last_first.callback(end, process)

    def _end_warm_process(self) -> None:
        # It ends by itself, and with it all that it has started, once it sees the control socket closed.
        try:
            self._process.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _fork(self, request: dict[str, Any], limits: Limits) -> tuple[Process, tuple[str, ...]]:
        with self._lock, contextlib.ExitStack() as undo:
            self._await_ready()
            self._running = [process for process in self._running if process.alive]
            scratch = self._unused.pop() if self._unused else tempfile.mkdtemp(prefix="scratch-", dir=self._folder.path)
            undo.callback(folders.remove, scratch)
            ours, theirs = socket.socketpair()
            undo.callback(ours.close)
            output, written = os.pipe()
            undo.callback(os.close, output)
            words = {
                "do": "fork",
                "limits": msgspec.to_builtins(limits),
                "scratch": scratch,
                "confined": self._mode != "off",
                **request,
            }
            try:
                self._send(words, [theirs.fileno(), written])
            finally:
                theirs.close()
                os.close(written)
            reply, descriptors = self._receive(_FORK_SECONDS)
            if "failed" in reply:
                raise SandboxError(
                    _("A subject could not be started: {reason}", reason=reply["failed"] or _last_line(output))
                )
            undo.pop_all()
        handle = Fork(
            reply["pid"],
            descriptor=descriptors[0],
            scratch=scratch,
            scratch_descriptor=descriptors[1] if len(descriptors) > 1 else None,
            baseline_bytes=self._baseline_bytes,
            reap=self.reap,
            # With a file system of its own, nothing was written to the folder, and the next fork can have it.
            ended=self._unused.append if len(descriptors) > 1 else folders.remove,
        )
        layers = tuple(reply["layers"])
        if self._cgroups is not None and layers:
            name = f"{Path(self._folder.path).name}-{reply['pid']}"
            handle.cgroup = new_cgroup(
                self._cgroups, name, handle.outer_pid, memory_bytes=limits.memory_bytes, threads=THREADS
            )
            layers += (confinement.CGROUP,) if handle.cgroup else ()
        process = Process(Channel(ours), output, handle, limits)
        with self._lock:
            self._running.append(process)
        return process, layers

    def _await_ready(self) -> None:
        if not self._ready:
            words, _descriptors = self._receive(_READY_SECONDS)
            self._baseline_bytes, self._failed = words["resident_bytes"], words["failed"]
            self._ready = True

    def _send(self, words: dict[str, Any], descriptors: list[int]) -> None:
        try:
            socket.send_fds(self._control, [json.dumps(words).encode()], descriptors)
        except OSError:
            raise self._lost() from None

    def _receive(self, seconds: float) -> tuple[dict[str, Any], list[int]]:
        try:
            if not select.select([self._control], [], [], seconds)[0]:
                # It may answer later, and what it says then would be taken for the answer to the next request.
                self._control.close()
                raise SandboxError(_("The warm process does not answer."))
            message, descriptors, _flags, _address = socket.recv_fds(self._control, warm.MESSAGE_BYTES, 2)
        except (OSError, ValueError):  # a socket that was closed, or by the other side in the middle of it
            raise self._lost() from None
        if not message:
            raise self._lost()
        return json.loads(message), descriptors

    def _lost(self) -> SandboxError:
        """What is raised where the warm process is gone, with its last words."""
        self._control.close()
        text = ""
        if self._process.stderr and not self._process.stderr.closed:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
                lines = self._process.stderr.read().decode("utf-8", "replace").strip().splitlines()
                text = lines[-1] if lines else ""
        return SandboxError(_("The warm process has ended: {text}", text=text or "no message"))

    def reap(self, pid: int) -> Ended:
        """Wait for the fork `pid` of the warm process, and tell how it ended. Raises SandboxError."""
        with self._lock:
            self._send({"do": "reap", "pid": pid}, [])
            words, _descriptors = self._receive(_FORK_SECONDS)
        return Ended(**words)


def _last_line(output: int) -> str:
    """The last line of what a fork that has ended wrote, such as its exception."""
    lines = os.read(output, 64 * 1024).decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "no message"
