"""What a fork of the warm process does to itself before it touches a submission, layer by layer.

Each layer is applied by itself, and reported only if the fork has then tried in vain what the layer forbids. So a
report says how the run was confined, not how it should have been.
"""

from __future__ import annotations

import itertools
import os
import resource
import site
import sys
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from grader.records import Limits, Record, SandboxLevel
from grader.sandbox import landlock, mounts, namespaces, seccomp, verifying
from grader.sandbox.exceeding import SCRATCH_BYTES, SCRATCH_FILES

FULL_LAYERS: Final = ("namespaces", "rlimits", "capabilities", "landlock", "seccomp")
"""The layers that make a run fully confined, in the order in which a report tells them."""
MOUNTS: Final = "mounts"
"""A layer more, where it is to be had: everything read-only but a scratch folder in memory."""
CGROUP: Final = "cgroup"
"""Likewise, applied from outside: the kernel counts the memory that a subject really uses."""
ALL_LAYERS: Final = (*FULL_LAYERS, MOUNTS, CGROUP)
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
_LINKS: Final = ("/etc/alternatives",)
"""Folders of links that lead from one library to another."""
_ADDRESSES_BEYOND: Final = 4
"""A part in so many of the memory limit is given as address space on top of it. What takes memory bit by bit is to be
told of the limit, by whoever measures what is really used; the kernel refuses what is too large at once. A fork has
fewer of the libraries' pages mapped than the warm process, by up to 450 MB with TensorFlow, which it may still map."""
PACKAGE: Final = Path(__file__).parent.parent
"""The grader's own files."""


def level_of(layers: tuple[str, ...]) -> SandboxLevel:
    """How completely a subject with these layers is confined."""
    if set(FULL_LAYERS) <= set(layers):
        return SandboxLevel.FULL
    return SandboxLevel.PARTIAL if _ESSENTIAL & set(layers) else SandboxLevel.NONE


def missing_from(layers: tuple[str, ...]) -> tuple[str, ...]:
    """The layers that full confinement would need besides these."""
    return tuple(name for name in FULL_LAYERS if name not in layers)


def readable_paths() -> tuple[str, ...]:
    """What a subject may read: the interpreter, its packages but not the grader's own, and shared libraries."""
    readable = {*_LIBRARY_FOLDERS, *_SYSTEM_FILES, sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    site_folders = {Path(folder) for folder in (*site.getsitepackages(), site.getusersitepackages())}
    # A folder that holds the packages' folder would let the grader's own files be read through it.
    too_wide = {name for name in readable if any(Path(name) in (inner, *inner.parents) for inner in site_folders)}
    readable -= too_wide
    readable.update(path for name in too_wide for path in _all_but(Path(name), site_folders))
    readable.update(path for folder in site_folders for path in _all_but(folder, {PACKAGE}))
    return tuple(sorted(readable))


def is_own(path: str) -> bool:
    """Whether `path` is another file for each process, with a mount of its own."""
    return path.startswith("/proc/")


def visible_paths() -> tuple[str, ...]:
    """What a subject may see at all, where it has a root of its own: whole folders, of which `PACKAGE` is hidden."""
    site_folders = (*site.getsitepackages(), site.getusersitepackages())
    libraries = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), *_LIBRARY_FOLDERS, *_LINKS)
    files = (path for path in _SYSTEM_FILES if not is_own(path))
    return tuple(sorted({*site_folders, *libraries, *files}))


def _all_but(folder: Path, excluded: set[Path]) -> list[str]:
    """The entries of `folder`, going down where an excluded path lies deeper."""
    try:
        entries = list(folder.iterdir())
    except OSError:
        return []
    found: list[str] = []
    above = {parent for path in excluded for parent in path.parents}
    for entry in entries:
        if entry in excluded or entry.suffix == ".pth":
            continue
        if entry in above:
            found.extend(_all_but(entry, excluded))
        else:
            found.append(str(entry))
    return found


def listable_paths() -> tuple[str, ...]:
    """Folders whose names a subject may list, so that a late import finds its package."""
    return tuple(entry for entry in sys.path if Path(entry).is_dir() and not PACKAGE.is_relative_to(entry)) + tuple(
        folder for folder in site.getsitepackages() if Path(folder).is_dir()
    )


def kernel_limits(limits: Limits, *, baseline_bytes: int | None) -> dict[int, tuple[int, int]]:
    """The kernel's own limits, soft and hard. `baseline_bytes` is the address space in use; None leaves that unlimited.

    What this process may not exceed already is never raised.
    """
    seconds = max(1, round(limits.cpu_seconds))
    beyond = limits.memory_bytes + limits.memory_bytes // _ADDRESSES_BEYOND
    space = resource.RLIM_INFINITY if baseline_bytes is None else baseline_bytes + beyond
    wanted = {
        resource.RLIMIT_CPU: (seconds, seconds + 1),
        resource.RLIMIT_AS: (space, space),
        resource.RLIMIT_FSIZE: (limits.file_bytes,) * 2,
        resource.RLIMIT_NOFILE: (limits.open_files,) * 2,
        resource.RLIMIT_CORE: (0, 0),
    }
    for name, (soft, hard) in wanted.items():
        _, allowed = resource.getrlimit(name)
        if allowed != resource.RLIM_INFINITY:
            wanted[name] = (_lower(soft, allowed), _lower(hard, allowed))
    return wanted


def _lower(limit: int, allowed: int) -> int:
    return allowed if limit == resource.RLIM_INFINITY else min(limit, allowed)


def set_limits(wanted: Mapping[int, tuple[int, int]]) -> None:
    """Set the kernel's limits for this process and all that it starts. Raises OSError or ValueError."""
    for name, pair in wanted.items():
        resource.setrlimit(name, pair)


class Plan(Record, frozen=True, kw_only=True):
    """What a fork needs for confining itself, known before it is made.

    `rules` is a descriptor of file rules for `readable` and `listable`, where there is one; `own` are files to read
    that each process has of its own. `program` is the compiled filter of system calls, empty without one; `attempts`
    the numbers of calls that it must refuse; `outside` the grader's namespaces; `root` is where the new root is
    mounted, if there is one; `without` names layers that are left out, for tests.
    """

    readable: tuple[str, ...]
    listable: tuple[str, ...]
    own: tuple[str, ...]
    rules: int | None
    program: bytes
    attempts: tuple[int, ...]
    outside: dict[str, int]
    baseline_bytes: int
    root: str | None
    without: frozenset[str] = frozenset()


def confine(plan: Plan, *, limits: Limits, scratch: str, scratch_descriptor: int | None) -> tuple[tuple[str, ...], str]:
    """Confine this process, which has one thread, and tell the layers that hold and where its scratch folder is now.

    `scratch` is the path of its folder, `scratch_descriptor` the file system that belongs there, where there is one.
    """
    wanted = kernel_limits(limits, baseline_bytes=plan.baseline_bytes)
    holding: set[str] = set()

    def mount() -> None:
        nonlocal scratch
        if scratch_descriptor is None:
            raise OSError("no scratch file system")
        scratch = mounts.enter(scratch_descriptor, scratch, plan.root)

    def drop() -> None:
        namespaces.drop_capabilities()
        namespaces.hide()

    def restrict_files() -> None:
        # Landlock knows files by inode, and the kernel makes a new one for this file unless it is held open.
        os.open(_PINNED, os.O_RDONLY)
        # Rules that forks share know the scratch folders of all of them. Only where each sees none but its own is that
        # as good as rules of one's own, which take twenty times as long to make.
        shared = plan.rules if MOUNTS in holding and mounts.has_own_proc() else None
        rules = landlock.new_rules(plan.readable, plan.listable) if shared is None else shared
        landlock.restrict(rules, plan.own, (scratch,))
        if rules != shared:
            os.close(rules)

    def filter_calls() -> None:
        if not plan.program:
            raise OSError("no filter")
        seccomp.load_filter(plan.program)

    # No layer may stand in the way of a later one's attempts: limits would be raised by a capability, and file rules
    # and the filter refuse what namespaces are there for.
    steps: tuple[tuple[str, Callable[[], None], Callable[[], bool]], ...] = (
        ("namespaces", namespaces.leave_the_others, lambda: verifying.namespaces_hold(plan.outside)),
        (
            MOUNTS,
            mount,
            lambda: verifying.mounts_hold(scratch, SCRATCH_BYTES, SCRATCH_FILES, own_root=plan.root is not None),
        ),
        ("capabilities", drop, verifying.capabilities_hold),
        ("rlimits", lambda: set_limits(wanted), lambda: verifying.limits_hold(wanted)),
        ("landlock", restrict_files, lambda: verifying.files_hold(scratch)),
        ("seccomp", filter_calls, lambda: verifying.calls_hold(plan.attempts)),
    )
    for name, apply, verify in steps:
        if name not in plan.without and _holds(apply, verify):
            holding.add(name)
    return tuple(name for name in ALL_LAYERS if name in holding), scratch


def _holds(apply: Callable[[], None], verify: Callable[[], bool]) -> bool:
    try:
        apply()
        return verify()
    except (OSError, ValueError):
        return False


def close_descriptors(keep: set[int]) -> None:
    """Close every open descriptor but the standard three and those to keep."""
    for low, high in itertools.pairwise([2, *sorted(keep), _LAST_DESCRIPTOR]):
        os.closerange(low + 1, high)
