"""Watching an attack from outside: files that may not be touched, sockets that may not be reached, what is left."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import select
import socket
import struct
import time
from pathlib import Path
from typing import Final

_IN_ALL_EVENTS: Final = 0xFFF
_IN_NONBLOCK: Final = 0o4000
_PR_SET_CHILD_SUBREAPER: Final = 36
_EVENT: Final = struct.Struct("iIII")
_DYING_SECONDS: Final = 3.0
_libc = ctypes.CDLL(None, use_errno=True)


class Tripwire:
    """The kernel's own record of every opening, reading or change below a folder."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = _libc.inotify_init1(_IN_NONBLOCK)
        self._folders: dict[int, Path] = {}
        for path in (folder, *(found for found in folder.rglob("*") if found.is_dir())):
            number = _libc.inotify_add_watch(self._descriptor, os.fsencode(path), _IN_ALL_EVENTS)
            if number < 0:
                raise OSError(ctypes.get_errno(), "inotify_add_watch", str(path))
            self._folders[number] = path

    def events(self) -> list[str]:
        """What was done since the last call: `mask path`, the mask in hexadecimal as in `linux/inotify.h`."""
        found = []
        while select.select([self._descriptor], [], [], 0)[0]:
            data = os.read(self._descriptor, 64 * 1024)
            while data:
                number, mask, _cookie, length = _EVENT.unpack_from(data)
                name = data[_EVENT.size : _EVENT.size + length].rstrip(b"\0")
                data = data[_EVENT.size + length :]
                found.append(f"{mask:#x} {self._folders[number] / os.fsdecode(name)}")
        return found


class Listeners:
    """Sockets of several kinds that wait for a submission."""

    def __init__(self, folder: Path) -> None:
        self.sockets: dict[str, socket.socket] = {}
        self.unix = str(folder / "listener")
        self.abstract = f"hostile-{os.getpid()}"
        self.ports = {"port4": self._listen("port4", socket.AF_INET, ("127.0.0.1", 0))}
        self.ports["port6"] = 9  # where there is no IPv6, nobody can be reached by it
        self.ports["udp"] = self._listen("udp", socket.AF_INET, ("127.0.0.1", 0), socket.SOCK_DGRAM)
        with contextlib.suppress(OSError):
            self.ports["port6"] = self._listen("port6", socket.AF_INET6, ("::1", 0))
        self._listen("unix", socket.AF_UNIX, self.unix)
        self._listen("abstract", socket.AF_UNIX, "\0" + self.abstract)

    def _listen(
        self, name: str, family: socket.AddressFamily, address: object, kind: socket.SocketKind = socket.SOCK_STREAM
    ) -> int:
        listener = socket.socket(family, kind)
        listener.bind(address)  # type: ignore[arg-type]
        if kind is socket.SOCK_STREAM:
            listener.listen()
        self.sockets[name] = listener
        found = listener.getsockname()
        return int(found[1]) if isinstance(found, tuple) else 0

    def reached(self) -> list[str]:
        """The names of the sockets that somebody has connected or sent to since the last call."""
        found = []
        for name, listener in self.sockets.items():
            while select.select([listener], [], [], 0)[0]:
                found.append(name)
                if listener.type is socket.SOCK_DGRAM:
                    listener.recv(1)
                else:
                    listener.accept()[0].close()
        return found


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent dies, so that no daemon is out of sight."""
    if _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "PR_SET_CHILD_SUBREAPER")


def descendants() -> frozenset[int]:
    """The living processes below this one."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
            if fields[0] not in "ZX":
                parents[int(folder.name)] = int(fields[1])
    found: set[int] = set()
    layer = {os.getpid()}
    while layer:
        layer = {pid for pid, parent in parents.items() if parent in layer}
        found |= layer
    return frozenset(found)


def survivors(known: frozenset[int]) -> list[str]:
    """The command lines of descendants that are not `known` and do not end within a moment."""
    deadline = time.monotonic() + _DYING_SECONDS
    while (alive := descendants() - known) and time.monotonic() < deadline:
        time.sleep(0.02)
    return [f"{pid} {_command(pid)}" for pid in sorted(alive)]


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    return ""


def names_below(*folders: Path) -> frozenset[str]:
    """The paths of everything in these folders."""
    return frozenset(str(path) for folder in folders for path in folder.rglob("*"))


def shared_memory() -> frozenset[str]:
    """What of the cases' own making lies in the machine's shared memory."""
    return frozenset(str(path) for path in Path("/dev/shm").glob("*hostile*"))  # noqa: S108 - looked at, not used


def digest_of(*folders: Path) -> str:
    """A digest of all files in these folders: their names, modes and bytes."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"{path} {path.stat().st_mode}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def marked_with(marker: str, *folders: Path) -> list[str]:
    """The files directly in or below these folders that hold `marker`, which is what every case writes."""
    return [
        str(path)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path.stat().st_size < 10**6 and marker.encode() in path.read_bytes()
    ]
