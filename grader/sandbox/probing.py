"""What this machine can confine, layer by layer, found out by trying from inside a subject."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from grader.errors import GraderError
from grader.language import Text, _
from grader.records import Limits, Record

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
"""


class LayerFact(Record, frozen=True, kw_only=True):
    """One layer of confinement: whether it works here, what was found, and what to do if it does not."""

    name: str
    works: bool
    detail: Text
    remedy: Text | None


def probe() -> tuple[LayerFact, ...]:
    """Try every layer of confinement in a real subject. Never raises: what cannot be tried does not work."""
    if not sys.platform.startswith("linux"):
        return (_nothing_here(),)
    from grader.sandbox import landlock  # noqa: PLC0415 - Linux only
    from grader.sandbox.confinement import FULL_LAYERS  # noqa: PLC0415 - Linux only

    details = {
        "namespaces": _("user, process, network and IPC namespaces"),
        "rlimits": _("limits of processor time, address space, files and descriptors"),
        "capabilities": _("no capability, and no way to get one"),
        "landlock": _("file rules, version {version} of the kernel's interface", version=landlock.version()),
        "seccomp": _("an allow-list of system calls, through libseccomp"),
    }
    found = _tried(FULL_LAYERS)
    return tuple(
        LayerFact(
            name=name,
            works=found.get(name, False),
            detail=details[name],
            remedy=None if found.get(name, False) else _remedy(name),
        )
        for name in FULL_LAYERS
    )


def _tried(layers: tuple[str, ...]) -> dict[str, bool]:
    from grader.sandbox.launcher import WarmLauncher  # noqa: PLC0415 - Linux only

    launcher = WarmLauncher(("numpy",), "auto")
    try:
        process = launcher.start_subject(Limits())
        applied = launcher.facts.layers
        program = {"module_name": "probe", "chunks": [{"filename": "probe.py", "source": _ATTEMPTS}], "helpers": []}
        process.ask({"do": "load", "program": program, "datasets": {}, "seconds": _SECONDS}, seconds=_SECONDS)
        return {name: name in applied and _holds(process, name) for name in layers}
    except GraderError:
        return {}
    finally:
        launcher.close()


def _holds(process: Process, name: str) -> bool:
    request: dict[str, Any] = {"do": "call", "name": name, "arguments": (), "keywords": {}, "observe": False}
    answer = process.ask(request, seconds=_SECONDS)
    return isinstance(answer, dict) and answer.get("value") is True


def _remedy(name: str) -> Text:
    match name:
        case "namespaces":
            return _(
                "Allow user namespaces: `sysctl kernel.apparmor_restrict_unprivileged_userns=0` on Ubuntu,"
                " `sysctl user.max_user_namespaces=10000` elsewhere; in a container, its runtime must allow them."
            )
        case "landlock":
            return _("Use Linux 5.13 or newer with `landlock` in the kernel's `lsm=` list.")
        case "seccomp":
            return _("Install libseccomp: `apt-get install libseccomp2`, `dnf install libseccomp`.")
        case _:
            return _("This kernel refuses it to this user; try outside a container.")


def _nothing_here() -> LayerFact:
    return LayerFact(
        name="subprocess",
        works=False,
        detail=_("a plain subprocess; only Linux can confine one"),
        remedy=_("Grade other people's submissions on Linux, for example under WSL 2 or in a virtual machine."),
    )
