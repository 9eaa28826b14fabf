"""Starting processes: as forks of a warm process where the system has them, else as plain subprocesses."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import site
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import msgspec

from grader.errors import ConfinementError, SandboxError
from grader.language import _
from grader.protocol import Channel
from grader.records import Limits, SandboxFacts, SandboxLevel
from grader.sandbox import confinement, plain, warm
from grader.sandbox.process import Ended, Process

Mode = Literal["auto", "required", "off"]
PRELOADABLE: Final = frozenset({"numpy", "scipy", "sklearn", "pandas", "matplotlib", "tensorflow", "keras"})
"""Packages that the warm process imports when a submission names them; others are left to the subject."""
_SUBJECT_ENTRY: Final = "grader.sandbox.plain:serve_subject"
TRUSTED_LIMITS: Final = Limits(cpu_seconds=3600.0, memory_bytes=4 * 1024**3)
"""Of the grader's own forks, which live for many requests; each request has a time limit of its own."""
_READY_SECONDS: Final = 120.0
_FORK_SECONDS: Final = 20.0


class Launcher(Protocol):
    """Starts the processes of a run."""

    @property
    def facts(self) -> SandboxFacts:
        """How what was started is confined; the weakest where that differs."""

    def start_subject(self, limits: Limits) -> Process:
        """A fresh process that will hold one submission. Raises SandboxError."""

    def start_trusted(self, entry: str) -> Process:
        """A fresh process that runs the grader's own `module:function` on its channel. Raises SandboxError."""

    def close(self) -> None:
        """End everything that was started, and remove its files."""


def choose_launcher(mode: Mode, imports: Iterable[str]) -> Launcher:
    """The best launcher of this system, with a warm process that imports what of `imports` is preloadable."""
    names = preloads(imports)
    if sys.platform.startswith("linux"):
        return WarmLauncher(names, mode)
    if mode == "required":
        raise ConfinementError(_no_confinement((), sys.platform))
    return PlainLauncher(names)


def preloads(imports: Iterable[str]) -> tuple[str, ...]:
    """The names among `imports` that a warm process imports, sorted; NumPy always, for the protocol needs it."""
    return tuple(sorted({"numpy", *(name for name in imports if name.split(".")[0] in PRELOADABLE)}))


def _no_confinement(missing: Iterable[str], system: str) -> Any:
    return _(
        "Full confinement was asked for and is not to be had on this {system} system (missing: {missing}). "
        "Run `grade doctor` to see why; `--sandbox auto` grades with what there is.",
        system=system,
        missing=", ".join(missing) or "all",
    )


def remove(folder: str) -> None:
    """Remove a folder and all in it, however deep a submission has made it."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:
        subprocess.run(["/bin/rm", "-rf", "--", folder], check=False, capture_output=True)


def clean_environment() -> dict[str, str]:
    """The environment of every process that is started: nothing of the caller's but what Python needs to be found."""
    environment = {
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # The same digits on every machine: no kernels chosen by processor, no order chosen by thread.
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "-1",
        "KERAS_BACKEND": "tensorflow",
        "MPLBACKEND": "agg",
    }
    if site.ENABLE_USER_SITE:
        environment["PYTHONUSERBASE"] = site.getuserbase()
    if os.name == "nt":
        environment |= {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
    return environment


def python_command(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of the grader in a fresh interpreter, whatever the current folder holds."""
    package_parent = str(Path(__file__).parent.parent.parent)
    code = (
        f"import runpy, sys; sys.path.append({package_parent!r}); "
        f"runpy.run_module({module!r}, run_name='__main__', alter_sys=True)"
    )
    if package_parent in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        return [sys.executable, "-P", "-X", "utf8", "-m", module, *arguments]
    return [sys.executable, "-P", "-X", "utf8", "-c", code, *arguments]


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


class WarmLauncher:
    """Forks of one warm process. Linux only."""

    def __init__(self, imports: tuple[str, ...], mode: Mode) -> None:
        self._mode = mode
        self._facts = _Facts()
        self._folder = tempfile.mkdtemp(prefix="grade-")
        self._running: list[Process] = []
        # One request at a time: training and grading may ask from different threads.
        self._lock = threading.Lock()
        self._baseline_bytes = 0
        self._ready = False
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        configuration = json.dumps({"imports": imports, "confined": mode != "off"})
        with theirs:
            self._process = subprocess.Popen(
                python_command(warm.__name__, str(theirs.fileno()), configuration),
                env=clean_environment() | {"HOME": self._folder},
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )

    @property
    def facts(self) -> SandboxFacts:
        """How every subject so far was confined."""
        return self._facts.record()

    def start_subject(self, limits: Limits) -> Process:
        """A fork that will hold one submission. Raises SandboxError, or ConfinementError if that is required."""
        process, layers = self._fork({"role": "subject", "entry": ""}, limits)
        self._facts.add(layers)
        if self._mode == "required" and confinement.level_of(layers) is not SandboxLevel.FULL:
            process.kill()
            missing = [name for name in confinement.FULL_LAYERS if name not in layers]
            raise ConfinementError(_no_confinement(missing, "Linux"))
        return process

    def start_trusted(self, entry: str) -> Process:
        """A fork that runs the grader's own `entry`, confined as a subject is. Raises SandboxError."""
        return self._fork({"role": "trusted", "entry": entry}, TRUSTED_LIMITS)[0]

    def close(self) -> None:
        """Kill the warm process and with it everything in its namespaces, and remove the scratch folders."""
        for process in self._running:
            process.kill()
        self._control.close()
        self._process.kill()
        self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()
        remove(self._folder)

    def _fork(self, request: dict[str, Any], limits: Limits) -> tuple[Process, tuple[str, ...]]:
        with self._lock:
            self._await_ready()
            self._running = [process for process in self._running if process.alive]
            scratch = tempfile.mkdtemp(prefix="scratch-", dir=self._folder)
            ours, theirs = socket.socketpair()
            output, written = os.pipe()
            words = {
                "do": "fork",
                "limits": msgspec.to_builtins(limits),
                "scratch": scratch,
                "confined": self._mode != "off",
                **request,
            }
            try:
                socket.send_fds(self._control, [json.dumps(words).encode()], [theirs.fileno(), written])
            except OSError:
                raise SandboxError(self._last_words()) from None
            finally:
                theirs.close()
                os.close(written)
            reply, descriptors = self._receive(_FORK_SECONDS)
        if reply["layers"] is None:
            raise SandboxError(_("A subject could not be started."))
        handle = _Fork(self, reply["pid"], descriptors[0], scratch, self._baseline_bytes)
        process = Process(Channel(ours), output, handle, limits)
        self._running.append(process)
        return process, tuple(reply["layers"])

    def _await_ready(self) -> None:
        if not self._ready:
            words, _descriptors = self._receive(_READY_SECONDS)
            self._baseline_bytes = words["resident_bytes"]
            self._ready = True

    def _receive(self, seconds: float) -> tuple[dict[str, Any], list[int]]:
        if not select.select([self._control], [], [], seconds)[0]:
            raise SandboxError(_("The warm process does not answer."))
        message, descriptors, _flags, _address = socket.recv_fds(self._control, warm.MESSAGE_BYTES, 1)
        if not message:
            raise SandboxError(self._last_words())
        return json.loads(message), descriptors

    def _last_words(self) -> Any:
        text = ""
        if self._process.stderr:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
                lines = self._process.stderr.read().decode("utf-8", "replace").strip().splitlines()
                text = lines[-1] if lines else ""
        return _("The warm process has ended: {text}", text=text or "no message")

    def reap(self, pid: int) -> Ended:
        """Wait for the fork `pid` of the warm process, and tell how it ended."""
        with self._lock:
            self._control.send(json.dumps({"do": "reap", "pid": pid}).encode())
            words, _descriptors = self._receive(_FORK_SECONDS)
        return Ended(**words)


class _Fork:
    """A fork of the warm process, reached through a descriptor that can name no other process."""

    def __init__(self, launcher: WarmLauncher, pid: int, descriptor: int, scratch: str, baseline_bytes: int) -> None:
        self._launcher = launcher
        self._pid = pid
        self._descriptor = descriptor
        self._scratch = scratch
        self._baseline_bytes = baseline_bytes
        self._statm = f"/proc/{_outer_pid(descriptor)}/statm"

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def wait_for_end(self, seconds: float) -> bool:
        return bool(select.select([self._descriptor], [], [], seconds)[0])

    def reap(self) -> Ended:
        ended = self._launcher.reap(self._pid)
        os.close(self._descriptor)
        remove(self._scratch)
        return Ended(ended.status, ended.cpu_seconds, max(0, ended.peak_bytes - self._baseline_bytes))

    def resident_bytes(self) -> int:
        try:
            pages = int(Path(self._statm).read_text(encoding="ascii").split()[1])
        except (OSError, ValueError, IndexError):
            return 0
        return max(0, pages * os.sysconf("SC_PAGE_SIZE") - self._baseline_bytes)


def _outer_pid(descriptor: int) -> int:
    """The number that this process's namespace has for the process behind a descriptor of it."""
    for line in Path(f"/proc/self/fdinfo/{descriptor}").read_text(encoding="ascii").splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    return -1


class PlainLauncher:
    """A fresh interpreter for each process: slow, unconfined but for limits, and to be had everywhere."""

    def __init__(self, imports: tuple[str, ...]) -> None:
        self._imports = imports
        self._folder = tempfile.mkdtemp(prefix="grade-")
        self._running: list[Process] = []

    @property
    def facts(self) -> SandboxFacts:
        """Nothing is confined."""
        return SandboxFacts(level=SandboxLevel.NONE, layers=())

    def start_subject(self, limits: Limits) -> Process:
        """A subprocess that will hold one submission."""
        return self._start(_SUBJECT_ENTRY, limits)

    def start_trusted(self, entry: str) -> Process:
        """A subprocess that runs the grader's own `entry`."""
        return self._start(entry, TRUSTED_LIMITS)

    def close(self) -> None:
        """Kill what still runs, and remove the scratch folders."""
        for process in self._running:
            process.kill()
        remove(self._folder)

    def _start(self, entry: str, limits: Limits) -> Process:
        scratch = tempfile.mkdtemp(prefix="scratch-", dir=self._folder)
        configuration = json.dumps({"imports": self._imports, "entry": entry, "limits": msgspec.to_builtins(limits)})
        ours, theirs = socket.socketpair()
        output, written = os.pipe()
        child = plain.spawn(
            python_command(plain.__name__, configuration),
            theirs,
            written,
            environment=clean_environment() | {"HOME": scratch, "TMPDIR": scratch},
            folder=scratch,
        )
        os.close(written)
        theirs.close()
        process = Process(Channel(ours), output, child, limits)
        # The first answer would otherwise have to wait for the imports, within the limit of one call.
        process.ask({"do": "hello"}, seconds=_READY_SECONDS)
        child.begin()
        self._running.append(process)
        return process
