"""Whether a layer holds, found out by trying what it forbids, from inside the fork that it confines.

Each attempt is harmless where it succeeds. It is made at the moment when only the layer in question can refuse it.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import resource
import socket
import tempfile
from collections.abc import Callable, Iterable, Mapping
from typing import Final

_PR_GET_DUMPABLE, _PR_GET_NO_NEW_PRIVS = 3, 39
_DUMPABLE: Final = 1
_CAPABILITY_VERSION_3: Final = 0x2008_0522

_libc = ctypes.CDLL(None, use_errno=True)

ATTEMPTED_CALLS: Final = (
    "ptrace process_vm_readv kill tkill setns unshare mount bpf userfaultfd io_uring_setup keyctl perf_event_open"
    " memfd_create pidfd_open pidfd_getfd execve chmod"
).split()
"""System calls that are tried with arguments with which they cannot do anything."""


def own_namespaces() -> dict[str, int]:
    """The identities of the namespaces that this process is in, but for the process one."""
    found = {}
    for kind in ("ipc", "net", "uts", "mnt", "user"):
        with contextlib.suppress(OSError):
            found[kind] = os.stat(f"/proc/self/ns/{kind}").st_ino  # noqa: PTH116 - one call
    return found


def namespaces_hold(outside: Mapping[str, int]) -> bool:
    """Whether this process sees no other process and no network. `outside` names the namespaces of the grader."""
    if os.getpid() != 1 or os.getppid() != 0:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, 0)  # signal 0 to everyone in sight: only asks whether there is anyone
        return False
    inside = own_namespaces()
    if len(inside) != len(outside) or any(inside[kind] == outside[kind] for kind in outside):
        return False
    return [name for _, name in socket.if_nameindex()] == ["lo"]


def mounts_hold(scratch: str, size: int, count: int, *, own_root: bool) -> bool:
    """Whether nothing can be written but to `scratch`, and there at most `size` bytes and `count` files.

    With a root of its own this process does not even see the grader's files.
    """
    state = os.statvfs(scratch)
    if state.f_blocks * state.f_frsize > size or state.f_files > count:
        return False
    if own_root and not _refuses(lambda: os.stat(__file__), errno.ENOENT):  # noqa: PTH116 - asks only whether it is there
        return False
    beside = f"{scratch}-beside"
    return _refuses(lambda: os.close(os.open(beside, os.O_CREAT | os.O_WRONLY)), errno.EROFS)


def limits_hold(wanted: Mapping[int, tuple[int, int]]) -> bool:
    """Whether the limits are at most the wanted ones, and refuse to be raised."""
    for name, (soft, hard) in wanted.items():
        has_soft, has_hard = resource.getrlimit(name)
        if not (_at_most(has_soft, soft) and _at_most(has_hard, hard)):
            return False
        if has_hard != resource.RLIM_INFINITY and not _refuses(
            lambda name=name, higher=(has_soft, has_hard + 1): resource.setrlimit(name, higher)  # type: ignore[misc]
        ):
            return False
    return _refuses(lambda: os.dup2(0, wanted[resource.RLIMIT_NOFILE][1]))


def _at_most(value: int, limit: int) -> bool:
    return limit == resource.RLIM_INFINITY or (value != resource.RLIM_INFINITY and value <= limit)


def capabilities_hold() -> bool:
    """Whether no capability is left, none can come back, and what needs one is refused."""
    header, data = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    if _libc.capget(header, data) != 0 or any(data):
        return False
    if _libc.prctl(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 or _libc.prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0) == _DUMPABLE:
        return False
    name = socket.gethostname().encode()
    return int(_libc.sethostname(name, ctypes.c_size_t(len(name)))) != 0 and ctypes.get_errno() == errno.EPERM


def files_hold(scratch: str) -> bool:
    """Whether file rules refuse what file permissions would allow, and `scratch` can still be written to."""
    beside = f"{scratch}-beside"
    forbidden: tuple[Callable[[], object], ...] = (
        lambda: os.open("/", os.O_RDONLY | os.O_DIRECTORY),
        lambda: os.open("/proc/self/environ", os.O_RDONLY),
        lambda: os.open("/proc/1/stat", os.O_RDONLY),
    )
    if not all(_refuses(attempt, errno.EACCES) for attempt in forbidden):
        return False
    if not _refuses(lambda: os.close(os.open(beside, os.O_CREAT | os.O_WRONLY)), errno.EACCES, errno.EROFS):
        return False
    # With a root of its own it is not there at all.
    if not _refuses(lambda: os.open(__file__, os.O_RDONLY), errno.EACCES, errno.ENOENT):
        return False
    with tempfile.TemporaryFile(dir=scratch) as file:
        return file.write(b"x") == 1


def calls_hold(numbers: Iterable[int]) -> bool:
    """Whether the filter refuses the system calls of these numbers, sockets and new processes."""
    return (
        _refuses(socket.socket, errno.EPERM)
        and _refuses(lambda: socket.socket(socket.AF_UNIX), errno.EPERM)
        and _refuses(socket.socketpair, errno.EPERM)
        and all(_refuses(lambda number=number: _harmless(number), errno.EPERM) for number in numbers)  # type: ignore[misc]
        and _refuses(_new_process, errno.EPERM)
    )


def _harmless(number: int) -> None:
    # Addresses and descriptors that do not exist: whatever gets past the filter fails for another reason.
    nowhere = ctypes.c_long(-1)
    if _libc.syscall(ctypes.c_long(number), nowhere, nowhere, nowhere, nowhere, nowhere) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def _new_process() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _refuses(attempt: Callable[[], object], *numbers: int) -> bool:
    """Whether `attempt` fails, by one of the kernel's errors `numbers` where some are given."""
    try:
        attempt()
    except OSError as error:
        return not numbers or error.errno in numbers
    except ValueError:  # what Python makes of a limit that may not be raised
        return True
    return False
