"""The warm process: imports what a submission will need, runs nothing, and is forked for each subject.

It speaks JSON with the grader over a socket pair of messages; descriptors travel beside the words. Requests:

    {"do": "fork", "role": "subject" | "trusted", "entry": str, "limits": {...}, "scratch": str, "confined": bool}
        with the fork's channel and its output -> {"layers": [...]} with a descriptor of the process
    {"do": "reap"} -> {"status": int, "cpu_seconds": float, "peak_bytes": int} for the fork of that number
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from grader.protocol import Channel
from grader.records import Limits
from grader.sandbox import confinement, namespaces, seccomp, subject

MESSAGE_BYTES = 256 * 1024


class WarmProcess:
    """What the warm process knows: its control socket, how to confine, and its own size."""

    def __init__(self, control: socket.socket, *, isolated: bool) -> None:
        self.control = control
        self.isolated = isolated
        self.own_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC) if isolated else -1
        self.paths = (confinement.readable_paths(), confinement.listable_paths())
        self.program = _compiled_filter(isolated=isolated)
        self.baseline_bytes = _own_size()

    def serve(self) -> None:
        """Answer requests until the grader is gone."""
        while True:
            message, descriptors, _, _ = socket.recv_fds(self.control, MESSAGE_BYTES, 2)
            if not message:
                return
            request = json.loads(message)
            if request["do"] == "fork":
                self._fork(request, descriptors)
            else:
                self._reap(request["pid"])

    def _fork(self, request: dict[str, Any], descriptors: list[int]) -> None:
        ready, tell = os.pipe()
        isolated = self.isolated and request["confined"] and self._fresh_namespaces()
        pid = os.fork()
        if pid == 0:
            self._become(request, descriptors, tell, isolated=isolated)
        os.close(tell)
        for descriptor in descriptors:
            os.close(descriptor)
        # The fork tells its layers before it reads a byte of the submission.
        with os.fdopen(ready, "rb") as pipe:
            told = pipe.read()
        handle = os.pidfd_open(pid)
        reply = {"pid": pid, "layers": json.loads(told) if told else None}
        socket.send_fds(self.control, [json.dumps(reply).encode()], [handle])
        os.close(handle)

    def _fresh_namespaces(self) -> bool:
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

    def _become(self, request: dict[str, Any], descriptors: list[int], tell: int, *, isolated: bool) -> NoReturn:
        """The fork's whole life. It never returns into the warm process's loop."""
        code = 1
        try:
            channel_descriptor, output = descriptors
            entry = _entry_point(request)
            _use_standard_streams(output)
            namespaces.die_with_parent()
            os.setsid()
            confinement.close_descriptors({channel_descriptor, tell})
            channel = Channel(socket.socket(fileno=channel_descriptor))
            os.chdir(request["scratch"])
            os.environ.update(HOME=request["scratch"], TMPDIR=request["scratch"])
            layers: tuple[str, ...] = ("namespaces",) if isolated else ()
            limits = msgspec.convert(request["limits"], Limits)
            if request["confined"]:
                namespaces.hide()
                layers += confinement.confine(
                    limits=limits,
                    baseline_bytes=self.baseline_bytes,
                    paths=self.paths,
                    scratch=request["scratch"],
                    program=self.program,
                )
            else:
                confinement.set_limits(limits, baseline_bytes=self.baseline_bytes)
            os.write(tell, json.dumps(layers).encode())
            os.close(tell)
            entry(channel, limits)
            code = 0
        except BaseException:  # noqa: BLE001 - told below, never passed on into the loop
            traceback.print_exc()
        finally:
            # No clean-up of the warm process's own may run here, nor a student's `atexit`.
            os._exit(code)


def _entry_point(request: dict[str, Any]) -> Any:
    if request["role"] == "subject":
        return lambda channel, limits: subject.serve(channel, limits.answer_bytes)
    module, _, name = request["entry"].partition(":")
    serve = getattr(importlib.import_module(module), name)
    return lambda channel, _: serve(channel)


def _use_standard_streams(output: int) -> None:
    """Nothing to read, and everything that is written goes to the grader."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    for name in ("stdout", "stderr"):
        descriptor = {"stdout": 1, "stderr": 2}[name]
        stream = open(descriptor, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - it lives as long as the process


def _compiled_filter(*, isolated: bool) -> bytes:
    try:
        return seccomp.compile_filter(own_pid=1 if isolated else None)
    except (ImportError, OSError, RuntimeError, ValueError):
        return b""


def _own_size() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")


def import_all(names: list[str]) -> dict[str, str]:
    """Import the modules of these names, and tell which could not be, and why."""
    failed: dict[str, str] = {}
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 - a broken package is reported, not passed on
            failed[name] = f"{type(error).__name__}: {error}"
    return failed


def _isolate() -> bool:
    """Enter own namespaces; the process that goes on is the first in them, and dies with the one that waits."""
    if not namespaces.enter_own():
        return False
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        os._exit(max(0, os.waitstatus_to_exitcode(status)))
    namespaces.die_with_parent()
    return True


def main(arguments: list[str]) -> None:
    """Run as `python -m grader.sandbox.warm CONTROL_DESCRIPTOR CONFIGURATION`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    namespaces.die_with_parent()
    configuration = json.loads(arguments[1])
    isolated = configuration["confined"] and _isolate()
    control = socket.socket(fileno=int(arguments[0]))
    failed = import_all(configuration["imports"])
    process = WarmProcess(control, isolated=isolated)
    ready = {"failed": failed, "baseline_bytes": process.baseline_bytes, "resident_bytes": _resident()}
    control.send(json.dumps(ready).encode())
    process.serve()


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main(sys.argv[1:])
