"""Why a layer of confinement is not to be had on a machine, and what to do about it."""

from __future__ import annotations

import contextlib
import ctypes.util
import importlib.util
import os
import platform
import re
from pathlib import Path
from typing import Final

from grader.language import Text, _
from grader.records import Record

_FIRST_WITH_LANDLOCK: Final = (5, 13)
_CONTAINER_MARKS: Final = (".dockerenv", "run/.containerenv")


class Machine(Record, frozen=True, kw_only=True):
    """What decides whether a layer is to be had.

    `release` is the kernel's version, `most_user_namespaces` None where the kernel has no such setting.
    """

    release: tuple[int, int]
    apparmor_restricts_user_namespaces: bool
    user_namespaces_switched_off: bool
    most_user_namespaces: int | None
    in_container: bool
    has_landlock: bool
    has_libseccomp: bool


def this_machine(root: Path = Path("/")) -> Machine:
    """The machine that this runs on. `root` is where /proc is found."""
    from grader.sandbox import landlock  # noqa: PLC0415 - Linux only

    sysctl = root / "proc/sys"
    numbers = re.match(r"(\d+)\.(\d+)", platform.release())
    return Machine(
        release=(int(numbers[1]), int(numbers[2])) if numbers else (0, 0),
        apparmor_restricts_user_namespaces=_setting(sysctl / "kernel/apparmor_restrict_unprivileged_userns") == 1,
        user_namespaces_switched_off=_setting(sysctl / "kernel/unprivileged_userns_clone") == 0,
        most_user_namespaces=_setting(sysctl / "user/max_user_namespaces"),
        in_container=any((root / mark).exists() for mark in _CONTAINER_MARKS) or "container" in os.environ,
        has_landlock=landlock.version() > 0,
        has_libseccomp=importlib.util.find_spec("pyseccomp") is not None
        and ctypes.util.find_library("seccomp") is not None,
    )


def _setting(file: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError):
        return int(file.read_text(encoding="ascii"))
    return None


def advice(layer: str, machine: Machine) -> Text:
    """What is in the way of a layer that does not hold, and the remedy."""
    match layer:
        case "namespaces":
            return _about_namespaces(machine)
        case "landlock":
            return _about_landlock(machine)
        case "seccomp" if not machine.has_libseccomp:
            return _("Install libseccomp: `apt-get install libseccomp2`, `dnf install libseccomp`.")
        case _:
            return _("This kernel refuses it to this user; try outside a container.")


def _about_namespaces(machine: Machine) -> Text:
    if machine.apparmor_restricts_user_namespaces:
        return _(
            "This Ubuntu forbids user namespaces to ordinary programs; allow them with"
            " `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`."
        )
    if machine.user_namespaces_switched_off:
        return _("User namespaces are switched off; allow them with `sudo sysctl kernel.unprivileged_userns_clone=1`.")
    if machine.most_user_namespaces == 0:
        return _("User namespaces are switched off; allow them with `sudo sysctl user.max_user_namespaces=10000`.")
    if machine.in_container:
        return _(
            "The container's runtime forbids user namespaces; start it with"
            " `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`, or grade outside a container."
        )
    return _("This kernel refuses user namespaces to this user; ask the administrator to allow them.")


def _about_landlock(machine: Machine) -> Text:
    if machine.release < _FIRST_WITH_LANDLOCK:
        return _(
            "Linux {version} has no Landlock; use {first} or newer.",
            version=_dotted(machine.release),
            first=_dotted(_FIRST_WITH_LANDLOCK),
        )
    if not machine.has_landlock and machine.in_container:
        return _("The container's runtime forbids Landlock; use a newer runtime, or grade outside a container.")
    return _("This kernel runs without Landlock; add `landlock` to `lsm=` on the kernel's command line.")


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
