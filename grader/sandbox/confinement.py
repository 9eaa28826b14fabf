"""What a fork of the warm process does to itself before it touches a submission, layer by layer.

Each layer is applied by itself and reported only if it took hold, so that a report can say how the run was confined.
"""

from __future__ import annotations

import itertools
import os
import resource
import site
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Final

from grader.records import Limits, SandboxLevel
from grader.sandbox import landlock, namespaces, seccomp

FULL_LAYERS: Final = ("namespaces", "rlimits", "capabilities", "landlock", "seccomp")
"""The layers that make a run fully confined, in the order in which they are applied."""
_ESSENTIAL: Final = frozenset({"landlock", "seccomp"})
_LIBRARY_FOLDERS: Final = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt/lib")
_LAST_DESCRIPTOR: Final = 2**20
"""The most that Linux lets a process have open, unless told otherwise."""
_PINNED: Final = "/proc/self/cmdline"
"""TensorFlow reads it at its first operation and aborts if it cannot."""
_SYSTEM_FILES: Final = (
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/usr/share/zoneinfo",
    "/usr/share/fonts",
    "/dev/null",
    "/dev/zero",
    "/dev/urandom",
    "/dev/random",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/filesystems",
    _PINNED,
    "/sys/devices/system/cpu",
)
_PACKAGE: Final = Path(__file__).parent.parent


def level_of(layers: tuple[str, ...]) -> SandboxLevel:
    """How completely a subject with these layers is confined."""
    if set(FULL_LAYERS) <= set(layers):
        return SandboxLevel.FULL
    return SandboxLevel.PARTIAL if _ESSENTIAL & set(layers) else SandboxLevel.NONE


def readable_paths() -> tuple[str, ...]:
    """What a subject may read: the interpreter, its packages but not the grader's own, and shared libraries."""
    readable = {*_LIBRARY_FOLDERS, *_SYSTEM_FILES, sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    site_folders = {Path(folder) for folder in (*site.getsitepackages(), site.getusersitepackages())}
    # A folder that holds the packages' folder would let the grader's own files be read through it.
    too_wide = {name for name in readable if any(Path(name) in (inner, *inner.parents) for inner in site_folders)}
    readable -= too_wide
    readable.update(path for name in too_wide for path in _all_but(Path(name), site_folders))
    readable.update(path for folder in site_folders for path in _all_but(folder, {_PACKAGE}))
    return tuple(sorted(readable))


def _all_but(folder: Path, excluded: set[Path]) -> list[str]:
    """The entries of `folder`, going down where an excluded path lies deeper."""
    try:
        entries = list(folder.iterdir())
    except OSError:
        return []
    found: list[str] = []
    for entry in entries:
        if entry in excluded or entry.suffix == ".pth":
            continue
        if any(entry in path.parents for path in excluded):
            found.extend(_all_but(entry, excluded))
        else:
            found.append(str(entry))
    return found


def listable_paths() -> tuple[str, ...]:
    """Folders whose names a subject may list, so that a late import finds its package."""
    return tuple(entry for entry in sys.path if Path(entry).is_dir() and not _PACKAGE.is_relative_to(entry)) + tuple(
        folder for folder in site.getsitepackages() if Path(folder).is_dir()
    )


def set_limits(limits: Limits, *, baseline_bytes: int | None) -> None:
    """The kernel's own limits. `baseline_bytes` is the address space already used; None leaves that unlimited."""
    seconds = max(1, round(limits.cpu_seconds))
    space = resource.RLIM_INFINITY if baseline_bytes is None else baseline_bytes + limits.memory_bytes
    hard: dict[int, tuple[int, int]] = {
        resource.RLIMIT_CPU: (seconds, seconds + 1),
        resource.RLIMIT_AS: (space, space),
        resource.RLIMIT_FSIZE: (limits.file_bytes,) * 2,
        resource.RLIMIT_NOFILE: (limits.open_files,) * 2,
        resource.RLIMIT_CORE: (0, 0),
    }
    for name, (soft, upper) in hard.items():
        _, allowed = resource.getrlimit(name)
        unlimited = allowed == resource.RLIM_INFINITY
        resource.setrlimit(name, (soft, upper) if unlimited else (min(soft, allowed), min(upper, allowed)))


def confine(
    *, limits: Limits, baseline_bytes: int, paths: tuple[tuple[str, ...], tuple[str, ...]], scratch: str, program: bytes
) -> tuple[str, ...]:
    """Confine this process, which has one thread, and tell the layers that took hold.

    `paths` are the readable and the listable ones; `program` is the compiled seccomp filter, empty without one.
    """
    readable, listable = paths

    def restrict_files() -> None:
        # Landlock knows files by inode, and the kernel makes a new one for this file unless it is held open.
        os.open(_PINNED, os.O_RDONLY)
        landlock.restrict(readable, listable, (scratch,))

    def filter_calls() -> None:
        if not program:
            raise OSError("no filter")
        seccomp.load_filter(program)

    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("rlimits", lambda: set_limits(limits, baseline_bytes=baseline_bytes)),
        ("capabilities", namespaces.drop_capabilities),
        ("landlock", restrict_files),
        ("seccomp", filter_calls),
    )
    return tuple(name for name, step in steps if _took_hold(step))


def _took_hold(step: Callable[[], None]) -> bool:
    try:
        step()
    except (OSError, ValueError):
        return False
    return True


def close_descriptors(keep: set[int]) -> None:
    """Close every open descriptor but the standard three and those to keep."""
    for low, high in itertools.pairwise([2, *sorted(keep), _LAST_DESCRIPTOR]):
        os.closerange(low + 1, high)
