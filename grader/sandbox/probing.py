"""What this machine can confine, layer by layer, found out by trying from inside a subject."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from grader.errors import GraderError
from grader.language import Text, _
from grader.records import Limits, Record
from grader.sandbox.advice import advice, this_machine

if TYPE_CHECKING:
    from grader.sandbox.process import Process

_SECONDS: Final = 10.0
_ATTEMPTS: Final = """
import ctypes, os, resource, socket

def refused(attempt):
    try:
        attempt()
    except OSError:
        return True
    return False

def namespaces():
    return os.getpid() == 1

def rlimits():
    return resource.getrlimit(resource.RLIMIT_CPU)[0] != resource.RLIM_INFINITY

def capabilities():
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    result = ctypes.CDLL(None).capget(header, data)
    return result != 0 or not any(data)

def landlock():
    return refused(lambda: os.listdir("/")) and refused(lambda: open("/etc/hostname").close())

def seccomp():
    return refused(socket.socket) and refused(os.fork)

def mounts():
    return refused(lambda: open("../beside", "w").close()) and os.statvfs(".").f_files > 0

def cgroup():
    return True
"""
"""A submission that tries what each layer forbids. Nothing can be tried of a cgroup without using up the memory."""


class LayerFact(Record, frozen=True, kw_only=True):
    """One layer of confinement: whether it works here, what was found, and what to do if it does not.

    A layer without a remedy may be missing: grading is as safe without it.
    """

    name: str
    works: bool
    detail: Text | str
    remedy: Text | None


def probe() -> tuple[LayerFact, ...]:
    """Try every layer of confinement in a real subject. Never raises: what cannot be tried does not work."""
    if not sys.platform.startswith("linux"):
        return (_nothing_here(),)
    from grader.sandbox.confinement import ALL_LAYERS, FULL_LAYERS  # noqa: PLC0415 - Linux only

    try:
        found = _tried(ALL_LAYERS)
    except GraderError as error:
        return (_no_subject(error),)
    machine = this_machine()
    return tuple(
        LayerFact(
            name=name,
            works=found[name],
            detail=_detail(name) if found[name] or name in FULL_LAYERS else _instead(name),
            remedy=None if found[name] or name not in FULL_LAYERS else advice(name, machine),
        )
        for name in ALL_LAYERS
    )


def _tried(layers: tuple[str, ...]) -> dict[str, bool]:
    """Which layers were applied and hold. Raises GraderError where no subject can be started or asked."""
    from grader.sandbox.warm_launcher import WarmLauncher  # noqa: PLC0415 - Linux only

    launcher = WarmLauncher(("numpy",), "auto")
    try:
        process = launcher.start_subject(Limits())
        applied = launcher.facts.layers
        program = {"module_name": "probe", "chunks": [{"filename": "probe.py", "source": _ATTEMPTS}], "helpers": []}
        process.ask({"do": "load", "program": program, "datasets": {}, "seconds": _SECONDS}, seconds=_SECONDS)
        return {name: name in applied and _holds(process, name) for name in layers}
    finally:
        launcher.close()


def _holds(process: Process, name: str) -> bool:
    request: dict[str, Any] = {"do": "call", "name": name, "arguments": (), "keywords": {}, "observe": False}
    answer = process.ask(request, seconds=_SECONDS)
    return isinstance(answer, dict) and answer.get("value") is True


def _detail(name: str) -> Text:
    from grader.sandbox import landlock  # noqa: PLC0415 - Linux only

    details = {
        "namespaces": _("namespaces of its own for users, processes, network, IPC, mounts, host name and cgroups"),
        "rlimits": _("limits of processor time, address space, files and descriptors"),
        "capabilities": _("no capability, and no way to get one"),
        "landlock": _("file rules, version {version} of the kernel's interface", version=landlock.version()),
        "seccomp": _("an allow-list of system calls, through libseccomp"),
        "mounts": _("everything read-only but a scratch folder in memory, of limited size"),
        "cgroup": _("a cgroup of its own, in which the kernel limits the memory that is really used"),
    }
    return details[name]


def _instead(name: str) -> Text:
    if name == "mounts":
        return _("not to be had here; file rules protect the files, and the grader looks through the scratch folder")
    return _("not to be had here; the grader itself looks at a subject's memory 50 times a second")


def _no_subject(error: GraderError) -> LayerFact:
    return LayerFact(
        name="subject",
        works=False,
        detail=error.message,
        remedy=_("Install the grader anew, in an environment of its own; nothing can be graded like this."),
    )


def _nothing_here() -> LayerFact:
    return LayerFact(
        name="subprocess",
        works=False,
        detail=_("a plain subprocess; only Linux can confine one"),
        remedy=_("Grade other people's submissions on Linux, for example under WSL 2 or in a virtual machine."),
    )
