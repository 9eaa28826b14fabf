"""What a guest and a host say to each other: JSON, a line each; and which host a guest may ask."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from grader import __version__
from grader.course import COURSE_FILE, Course
from grader.records import Record, Report

LINE_BYTES: Final = 64 * 1024**2
_CODE: Final = (".py", ".mo")


class Asked(Record, frozen=True, kw_only=True):
    """A run that a guest asks for: the same that `Session.grade` takes, in the folder where the guest is."""

    exercise: str
    here: str
    path: str | None
    folders: tuple[str, ...]
    is_named: bool
    language: str


class Told(Record, frozen=True, kw_only=True):
    """What a host answers: a sentence for each `step`, the first at once; then the `report`, or nothing.

    An empty sentence only says that the host is still there.
    Nothing means that the guest shall do it itself, and see for itself what is wrong.
    """

    step: str | None = None
    report: Report | None = None


def encoded(message: Asked | Told) -> bytes:
    """One line. Raises ValueError for a text that UTF-8 does not have."""
    return msgspec.json.encode(message) + b"\n"


def host_key(course: Course, *, sandbox: str, time_limit: float | None) -> str:
    """What host and guest must have in common for a run to be the same: the course, the grader, how it is confined.

    A course or a grader that was changed after the host began has another key: nobody is served what is old.
    """
    known = hashlib.sha256(repr((__version__, sys.version, sandbox, time_limit)).encode())
    for file in _files(course):
        try:
            facts = file.stat()
        except OSError:
            continue
        known.update(os.fsencode(f"{file}\0{facts.st_mtime_ns}\0{facts.st_size}\0"))
    return known.hexdigest()[:16]


def _files(course: Course) -> Iterator[Path]:
    """The files that a run depends on beside the submission."""
    package = Path(__file__).resolve().parent.parent
    yield course.folder / COURSE_FILE
    if course.dataset is not None:
        yield course.dataset.file
    folders = {package, *course.catalogs, *(exercise.checks.parent for exercise in course.exercises)}
    for folder in sorted(folders):
        yield from sorted(file for file in folder.rglob("*") if file.suffix in _CODE)


@contextlib.contextmanager
def address(file: Path) -> Iterator[str]:
    """`file` as the address of a socket, which may have 107 bytes only, however long its folder's name is. Linux only.

    Raises OSError where there is no such folder.
    """
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{file.name}"
    finally:
        os.close(folder)


def peer(connection: socket.socket) -> int:
    """The number of the user at the other end. Linux only. Raises OSError."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, user, _group = struct.unpack("3i", credentials)
    return int(user)
