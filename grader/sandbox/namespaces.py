"""Linux namespaces: a set for the warm process, and a fresh one for each subject, but for the user's and the network's.

The warm process enters namespaces of its own before it imports anything, so that it may make a fresh set for each
fork at the price of two `unshare` calls, without privileges outside. The network's is the one that takes long to make
and to end. Nothing can be left behind in it: no device in it is up, the filter of system calls refuses sockets, and
subjects of one warm process live one after another.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Final

NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000
NEWUSER, NEWPID, NEWNET = 0x1000_0000, 0x2000_0000, 0x4000_0000
ALL_KINDS: Final = NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET
_OF_THE_WARM_PROCESS: Final = NEWUSER | NEWPID | NEWNS | NEWNET
_OF_THE_SUBJECT: Final = NEWNS | NEWCGROUP | NEWUTS | NEWIPC
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_SECUREBITS = 1, 4, 24, 28
_PR_SET_NO_NEW_PRIVS: Final = 38
_LAST_CAPABILITY: Final = 63
_CAPABILITY_VERSION_3: Final = 0x2008_0522
_NO_ROOT_LOCKED: Final = 0b1111
_SIGKILL: Final = 9

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")


def die_with_parent() -> None:
    """Be killed when the parent dies. A parent that is dead already is not noticed."""
    _call("prctl", _PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def hide() -> None:
    """Let no process of the same user look into this one's memory, and write no core file."""
    _call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)


def enter_own() -> bool:
    """Put this process into user, mount and network namespaces of its own, and its children into a process namespace.

    False where that is forbidden.
    """
    user, group = os.geteuid(), os.getegid()
    try:
        _call("unshare", _OF_THE_WARM_PROCESS)
    except OSError:
        return False
    # The same numbers inside as outside: files keep their owner, and nobody becomes root by it.
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path(f"/proc/self/{name}").write_text(text, encoding="ascii")
    return True


def fresh_for_child(own_namespace: int) -> None:
    """Let the next fork begin a new process namespace.

    `own_namespace` is a descriptor of this process's own process namespace: a second `unshare` is allowed only after
    coming back to it. Raises OSError.
    """
    _call("setns", own_namespace, NEWPID)
    _call("unshare", NEWPID)


def leave_the_others() -> None:
    """Put this process into IPC, mount, host name and cgroup namespaces of its own. Raises OSError."""
    _call("unshare", _OF_THE_SUBJECT)


def leave_mounts() -> None:
    """Put this process into a mount namespace that nobody shares, but for what it starts. Raises OSError."""
    _call("unshare", NEWNS)


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def drop_capabilities() -> None:
    """Give up every capability, and the ways to get one back. Raises OSError."""
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _libc.prctl(_PR_SET_SECUREBITS, _NO_ROOT_LOCKED, 0, 0, 0)
    for capability in range(_LAST_CAPABILITY + 1):
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    _call("capset", ctypes.byref(header), ctypes.create_string_buffer(24))
