"""The warm process: imports what submissions need, runs nothing of TensorFlow, and is forked for each subject.

It speaks JSON with the grader over a socket pair of messages; descriptors travel beside the words. The first message
is its configuration, answered once by {"failed": {module: why}, "resident_bytes": int}. Then come requests:

    {"do": "fork", "role": "subject" | "trusted", "entry": str, "limits": {...}, "scratch": str, "confined": bool}
        with the fork's channel and its output
        -> {"pid": int, "layers": [...]} with a descriptor of the process, and one of its scratch file system if it has
           one; {"failed": str} where there is no fork
    {"do": "reap", "pid": int} -> {"status": int, "cpu_seconds": float, "peak_bytes": int} for the fork of that number
"""

from __future__ import annotations

import contextlib
import importlib
import json
import linecache
import os
import signal
import socket
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from grader.protocol.frames import Channel
from grader.records import Limits
from grader.sandbox import confinement, landlock, mounts, namespaces, seccomp, subject, verifying, warden
from grader.sandbox.exceeding import SCRATCH_BYTES, SCRATCH_FILES
from grader.sandbox.hugepages import collapse_heap
from grader.sandbox.importing import import_all

MESSAGE_BYTES = 256 * 1024
RULES_FOR = 100
"""So many forks share their file rules; each adds some, and so makes the next ones slower."""
MANY_FORKS = 16
"""From this one on it is likely that many more will follow."""


class WarmProcess:
    """What the warm process knows: its control socket, how to confine, and its own size."""

    def __init__(self, control: socket.socket, plan: confinement.Plan, *, isolated: bool) -> None:
        self.control = control
        self.isolated = isolated
        self.own_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC) if isolated else -1
        self.plan = plan
        self.forks = 0

    def serve(self) -> None:
        """Answer requests until the grader is gone."""
        while True:
            message, descriptors, _, _ = socket.recv_fds(self.control, MESSAGE_BYTES, 2)
            if not message:
                return
            request = json.loads(message)
            if request["do"] == "fork":
                if self.forks % RULES_FOR == 0:
                    self._renew_rules()
                self.forks += 1
                if self.forks == MANY_FORKS:
                    collapse_heap()
                self._answer_fork(request, descriptors)
            else:
                self._reap(request["pid"])

    def _renew_rules(self) -> None:
        if self.plan.rules is not None:
            os.close(self.plan.rules)
        try:
            rules = landlock.new_rules(self.plan.readable, self.plan.listable)
        except OSError:
            rules = None
        self.plan = msgspec.structs.replace(self.plan, rules=rules)

    def _answer_fork(self, request: dict[str, Any], descriptors: list[int]) -> None:
        with contextlib.ExitStack() as opened:
            for descriptor in descriptors:
                opened.callback(os.close, descriptor)
            try:
                reply, handles = self._fork(request, descriptors, opened)
            except OSError as error:
                reply, handles = {"failed": f"{type(error).__name__}: {error}"}, []
            socket.send_fds(self.control, [json.dumps(reply).encode()], handles)

    def _fork(
        self, request: dict[str, Any], descriptors: list[int], opened: contextlib.ExitStack
    ) -> tuple[dict[str, Any], list[int]]:
        """A new fork that is confined and has told so: the words about it, and its descriptors. Raises OSError."""
        ready, tell = os.pipe()
        pipe = opened.enter_context(os.fdopen(ready, "rb"))
        with os.fdopen(tell, "wb"):
            isolated = self.isolated and request["confined"] and self._fresh_namespace()
            scratch = _new_scratch() if isolated else None
            if scratch is not None:
                opened.callback(os.close, scratch)
            pid = os.fork()
            if pid == 0:
                self._become(request, descriptors, tell, scratch)
        handle = os.pidfd_open(pid)
        opened.callback(os.close, handle)
        # The fork tells its layers before it reads a byte of the submission.
        told = pipe.read()
        if not told:
            os.waitpid(pid, 0)
            return {"failed": ""}, []
        layers = json.loads(told)
        handles = [handle] if scratch is None or confinement.MOUNTS not in layers else [handle, scratch]
        return {"pid": pid, "layers": layers}, handles

    def _fresh_namespace(self) -> bool:
        try:
            namespaces.fresh_for_child(self.own_namespace)
        except OSError:
            return False
        return True

    def _reap(self, pid: int) -> None:
        _, status, usage = os.wait4(pid, 0)
        reply = {
            "status": os.waitstatus_to_exitcode(status),
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
            "peak_bytes": usage.ru_maxrss * 1024,
        }
        self.control.send(json.dumps(reply).encode())

    def _become(self, request: dict[str, Any], descriptors: list[int], tell: int, scratch: int | None) -> NoReturn:
        """The fork's whole life. It never returns into the warm process's loop."""
        code = 1
        try:
            channel_descriptor, output = descriptors
            _use_standard_streams(output)
            entry = _entry_point(request)
            namespaces.die_with_parent()
            os.setsid()
            lent = [descriptor for descriptor in (scratch, self.plan.rules) if descriptor is not None]
            confinement.close_descriptors({channel_descriptor, tell, *lent})
            channel = Channel(socket.socket(fileno=channel_descriptor))
            limits = msgspec.convert(request["limits"], Limits)
            layers: tuple[str, ...] = ()
            folder = request["scratch"]
            if request["confined"]:
                layers, folder = confinement.confine(
                    self.plan, limits=limits, scratch=folder, scratch_descriptor=scratch
                )
            else:
                confinement.set_limits(confinement.kernel_limits(limits, baseline_bytes=self.plan.baseline_bytes))
            os.environ["HOME"] = os.environ["TMPDIR"] = folder
            tempfile.tempdir = None
            os.chdir(folder)
            for descriptor in lent:
                os.close(descriptor)
            os.write(tell, json.dumps(layers).encode())
            os.close(tell)
            entry(channel, limits)
            code = 0
        except BaseException:  # noqa: BLE001 - told below, never passed on into the loop
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            # No clean-up of the warm process's own may run here, nor a student's `atexit`.
            os._exit(code)


def _entry_point(request: dict[str, Any]) -> Any:
    if request["role"] == "subject":
        return lambda channel, limits: subject.serve(channel, limits.answer_bytes)
    module, _, name = request["entry"].partition(":")
    serve = getattr(importlib.import_module(module), name)
    return lambda channel, _: serve(channel)


def _open_standard_streams() -> None:
    """Text streams on the standard descriptors, made once for all forks, and over pipes, as they will be there."""
    reading, writing = os.pipe()
    before = os.dup(1), os.dup(2)
    os.dup2(writing, 1)
    os.dup2(writing, 2)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - they live as long as the process
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        stream = open(descriptor, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    os.dup2(before[0], 1)
    os.dup2(before[1], 2)
    for descriptor in (reading, writing, *before):
        os.close(descriptor)


def _use_standard_streams(output: int) -> None:
    """Nothing to read, and everything that is written goes to the grader."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)


def _new_scratch() -> int | None:
    try:
        return mounts.new_scratch(SCRATCH_BYTES, SCRATCH_FILES)
    except OSError:
        return None


def _new_root(folder: str) -> str | None:
    """Where a root for subjects is mounted, seen by this process and its forks alone; None where that is forbidden."""
    root = Path(folder, "root")
    try:
        namespaces.leave_mounts()
        root.mkdir()
        mounts.new_root(str(root), confinement.visible_paths(), confinement.PACKAGE)
    except OSError:
        return None
    return str(root)


def _new_plan(outside: dict[str, int], without: frozenset[str], folder: str, *, isolated: bool) -> confinement.Plan:
    """What every fork needs for confining itself. To be made after the imports: they count for no submission."""
    program = b""
    attempts: tuple[int, ...] = ()
    with contextlib.suppress(ImportError, OSError, RuntimeError, ValueError):
        program = seccomp.compile_filter(own_pid=1 if isolated else None)
        attempts = seccomp.call_numbers(verifying.ATTEMPTED_CALLS)
    paths = confinement.readable_paths()
    return confinement.Plan(
        readable=tuple(path for path in paths if not confinement.is_own(path)),
        listable=confinement.listable_paths(),
        own=tuple(path for path in paths if confinement.is_own(path)),
        rules=None,
        program=program,
        attempts=attempts,
        outside=outside,
        baseline_bytes=_own_size(),
        root=_new_root(folder) if isolated and confinement.MOUNTS not in without else None,
        without=without,
    )


def _forget_command() -> None:
    """Leave a submission no source of its callers: from Python 3.13 on, that of `-c` is kept for tracebacks."""
    linecache.cache.pop("<string>", None)
    getattr(linecache, "_interactive_cache", {}).clear()  # where newer releases keep it


def _own_size() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main(arguments: list[str]) -> None:
    """Run as `python -m grader.sandbox.warm CONTROL_DESCRIPTOR`; the configuration is the first message there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    control = socket.socket(fileno=int(arguments[0]))
    del sys.argv[1:]  # nothing that is imported is to find words there
    told = control.recv(MESSAGE_BYTES)
    if not told:
        return
    configuration = json.loads(told)
    without = frozenset(configuration["without"])
    outside = verifying.own_namespaces()
    isolated = configuration["confined"] and "namespaces" not in without and namespaces.enter_own()
    pid = os.fork()
    if pid:
        warden.watch(pid, control.fileno(), configuration["folder"])
    namespaces.die_with_parent()
    failed = import_all(configuration["imports"])
    _forget_command()
    _open_standard_streams()
    msgspec.convert(msgspec.to_builtins(Limits()), Limits)  # the first time takes long, and is not to be a fork's
    process = WarmProcess(
        control, _new_plan(outside, without, configuration["folder"], isolated=isolated), isolated=isolated
    )
    ready = {"failed": failed, "resident_bytes": _resident()}
    control.send(json.dumps(ready).encode())
    process.serve()


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main(sys.argv[1:])
