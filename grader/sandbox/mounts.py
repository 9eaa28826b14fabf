"""A subject's own view of the file system: little more than Python, read-only, and a scratch folder of limited size.

File rules say what may be read; what is not there at all cannot even be asked for its size or its existence. The warm
process puts the new root together once, in a mount namespace that it shares with nobody, and each fork moves there.

The scratch folder is a file system that no path leads to until the subject mounts it for itself. The grader holds a
descriptor of it, and so can see from outside how full it is. It ends with the last of both. Numbers are those of
`linux/mount.h`; the system calls have the same numbers on every architecture.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_MOVE_MOUNT, _FSOPEN, _FSCONFIG, _FSMOUNT, _MOUNT_SETATTR = 429, 430, 431, 432, 442
_FSOPEN_CLOEXEC, _FSMOUNT_CLOEXEC = 1, 1
_SET_STRING, _CREATE = 1, 6
_MOVE_FROM_EMPTY_PATH: Final = 4
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_PROGRAMS = 1, 2, 4, 8
"""The same bits as attributes and as flags of `mount`."""
_BIND, _RECURSIVE, _PRIVATE = 0x1000, 0x4000, 0x4_0000
_DETACH: Final = 2
SCRATCH: Final = "/scratch"
"""Where a subject finds its scratch folder below a new root."""

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


def new_root(folder: str, paths: Iterable[str], hidden: Path) -> None:
    """Mount on `folder` a root that has nothing but these paths, /proc and an empty scratch folder.

    The folder `hidden` is empty wherever it would be seen: one mount more, where leaving it out would take one for each
    of its neighbours, and every subject copies them all. Links on the way to a path are followed, and are none below
    the new root. Paths that do not exist are passed over. Raises OSError, and leaves what was mounted: this is for a
    mount namespace with nobody else in it.
    """
    hidden = hidden.resolve()
    # Nothing that is mounted here may ever be seen where somebody removes files.
    _mount(None, "/", None, _RECURSIVE | _PRIVATE)
    _mount("grade", folder, "tmpfs", _NO_SUID | _NO_DEVICES | _NO_PROGRAMS, "size=1m,nr_inodes=5000,mode=0755")
    for path in (*_outermost(paths), "/proc"):
        real, below = Path(path).resolve(), Path(f"{folder}{path}")
        if real.is_dir():
            below.mkdir(parents=True, exist_ok=True)
        elif real.exists():
            below.parent.mkdir(parents=True, exist_ok=True)
            below.touch()
        else:
            continue
        _mount(str(real), str(below), None, _BIND | _RECURSIVE)
        if hidden.is_relative_to(real):
            cover = str(below / hidden.relative_to(real))
            _mount("grade", cover, "tmpfs", _READ_ONLY | _NO_SUID | _NO_DEVICES | _NO_PROGRAMS, "size=4k,mode=0755")
    Path(f"{folder}{SCRATCH}").mkdir()


def _outermost(paths: Iterable[str]) -> list[str]:
    """The paths that lie in none of the others, sorted."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not any(Path(path).is_relative_to(outer) for outer in kept):
            kept.append(path)
    return kept


def enter(scratch: int, folder: str, root: str | None) -> str:
    """Move this process below the new root `root`, make everything read-only, and mount `scratch`; tell where that is.

    That is `folder` without a new root. Needs a mount namespace of its own. Raises OSError, also before Linux 5.12.
    """
    if root is not None:
        os.chdir(root)
        _call("pivot_root", b".", b".")
        # The old root lies on top of the new one now.
        _call("umount2", b".", ctypes.c_int(_DETACH))
        os.chdir("/")
    attributes = _Attributes(_READ_ONLY | _NO_SUID, 0, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    _syscall(_MOUNT_SETATTR, _AT_FDCWD, b"/", ctypes.c_uint(_AT_RECURSIVE), ctypes.byref(attributes), size)
    # Where the runtime of a container hides parts of /proc, the kernel forbids a new one; file rules close the old one.
    with contextlib.suppress(OSError):
        _mount("proc", "/proc", "proc", _NO_SUID | _NO_DEVICES | _NO_PROGRAMS)
    inside = folder if root is None else SCRATCH
    flags = ctypes.c_uint(_MOVE_FROM_EMPTY_PATH)
    _syscall(_MOVE_MOUNT, scratch, b"", _AT_FDCWD, os.fsencode(inside), flags)
    return inside


def has_own_proc() -> bool:
    """Whether /proc shows the process namespace of this process, and not one with others in it."""
    try:
        return os.readlink("/proc/self") == str(os.getpid())  # noqa: PTH115 - one call
    except OSError:
        return False


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    source_bytes, kind_bytes, option_bytes = (
        None if text is None else os.fsencode(text) for text in (source, kind, options)
    )
    _call("mount", source_bytes, os.fsencode(target), kind_bytes, ctypes.c_ulong(flags), option_bytes)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")
