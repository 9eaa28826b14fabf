"""A subject's own view of the file system: everything read-only, and a scratch folder in memory of limited size.

The scratch folder is a file system that no path leads to until the subject mounts it for itself. The grader holds a
descriptor of it, and so can see from outside how full it is. It ends with the last of both. Numbers are those of
`linux/mount.h`; the system calls have the same numbers on every architecture.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from typing import Final

_MOVE_MOUNT, _FSOPEN, _FSCONFIG, _FSMOUNT, _MOUNT_SETATTR = 429, 430, 431, 432, 442
_FSOPEN_CLOEXEC, _FSMOUNT_CLOEXEC = 1, 1
_SET_STRING, _CREATE = 1, 6
_MOVE_FROM_EMPTY_PATH: Final = 4
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_PROGRAMS = 1, 2, 4, 8
"""The same bits as attributes and as flags of `mount`."""

_libc = ctypes.CDLL(None, use_errno=True)


class _Attributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    )


def _syscall(number: int, *arguments: object) -> int:
    result = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def new_scratch(size: int, count: int) -> int:
    """A descriptor of an empty file system for at most `size` bytes and `count` files and folders.

    Raises OSError, before Linux 5.2 and outside a user namespace of one's own.
    """
    context = _syscall(_FSOPEN, b"tmpfs", ctypes.c_uint(_FSOPEN_CLOEXEC))
    try:
        for name, value in ((b"size", size), (b"nr_inodes", count), (b"mode", "0700")):
            _syscall(_FSCONFIG, context, ctypes.c_uint(_SET_STRING), name, str(value).encode(), 0)
        _syscall(_FSCONFIG, context, ctypes.c_uint(_CREATE), None, None, 0)
        attributes = ctypes.c_uint(_NO_SUID | _NO_DEVICES | _NO_PROGRAMS)
        return _syscall(_FSMOUNT, context, ctypes.c_uint(_FSMOUNT_CLOEXEC), attributes)
    finally:
        os.close(context)


def is_full(scratch: int) -> bool:
    """Whether nothing more can be written to the scratch file system behind the descriptor."""
    state = os.fstatvfs(scratch)
    return state.f_bfree == 0 or state.f_ffree == 0


def enter(scratch: int, folder: str) -> None:
    """Make everything read-only for this process, and mount `scratch` on `folder`. Needs a mount namespace of its own.

    Raises OSError, also before Linux 5.12.
    """
    attributes = _Attributes(_READ_ONLY | _NO_SUID, 0, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    _syscall(_MOUNT_SETATTR, _AT_FDCWD, b"/", ctypes.c_uint(_AT_RECURSIVE), ctypes.byref(attributes), size)
    # Where the runtime of a container hides parts of /proc, the kernel forbids a new one; file rules close the old one.
    with contextlib.suppress(OSError):
        _mount_proc()
    flags = ctypes.c_uint(_MOVE_FROM_EMPTY_PATH)
    _syscall(_MOVE_MOUNT, scratch, b"", _AT_FDCWD, os.fsencode(folder), flags)


def _mount_proc() -> None:
    flags = ctypes.c_ulong(_NO_SUID | _NO_DEVICES | _NO_PROGRAMS)
    if _libc.mount(b"proc", b"/proc", b"proc", flags, None) != 0:
        raise OSError(ctypes.get_errno(), "mount: /proc")
