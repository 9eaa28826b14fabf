"""The end that holds the session: a socket in a folder of its user's own, and the guests that come through it."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self

import msgspec

from grader.records import Report
from grader.sharing.messages import LINE_BYTES, Asked, Told, address, encoded, peer

SUFFIX: Final = ".host"
_SECONDS: Final = 2.0
"""For which a guest may keep everybody waiting before it has asked."""
_BEAT_SECONDS: Final = 3.0
"""How often a guest hears that its run is still being done."""


class Visit:
    """A guest that has asked, and waits."""

    def __init__(self, asked: Asked, connection: socket.socket) -> None:
        self.asked = asked
        self._connection = connection
        self._sending = threading.Lock()
        self._is_answered = threading.Event()
        self._beats: threading.Thread | None = None

    def step(self, words: str) -> bool:
        """Tell what is being done; whether the guest is still there.

        From the first on, the guest hears every few seconds that this process is still there.
        """
        is_there = self._tell(words)
        if is_there and self._beats is None:
            self._beats = threading.Thread(target=self._beat, daemon=True)
            self._beats.start()
        return is_there

    def answer(self, report: Report | None) -> None:
        """Hand over the report, or None where there is none to be had here, and say goodbye."""
        self._is_answered.set()
        with self._sending, self._connection, contextlib.suppress(OSError, ValueError):
            self._connection.sendall(encoded(Told(report=report)))

    def _beat(self) -> None:
        while not self._is_answered.wait(_BEAT_SECONDS) and self._tell(""):
            pass

    def _tell(self, words: str) -> bool:
        try:
            with self._sending:
                self._connection.sendall(encoded(Told(step=words)))
        except (OSError, ValueError):
            return False
        return True


class Host:
    """Hands each guest to `take`, from a thread of its own, until it is closed.

    The socket is `folder`/KEY.host. `folder` must be its user's alone, and is whoever made it's to remove: the folder
    of a warm process ends with that, however this process ends. Raises OSError where there can be no such socket.
    """

    def __init__(self, folder: Path, key: str, take: Callable[[Visit], None]) -> None:
        self._take = take
        self._file = folder / f"{key}{SUFFIX}"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with address(self._file) as name:
                self._listener.bind(name)
            self._file.chmod(0o600)
            self._listener.listen()
        except OSError:
            self._listener.close()
            raise
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take no guest any more."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # which ends a waiting `accept`, as closing alone does not
        self._listener.close()
        self._file.unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            visit = _received(connection)
            if visit is None:
                connection.close()
            else:
                self._take(visit)


def _received(connection: socket.socket) -> Visit | None:
    """The guest at the other end; None where it is another user's, or asks nothing that can be understood."""
    try:
        if peer(connection) != os.geteuid():
            return None
        connection.settimeout(_SECONDS)
        with connection.makefile("rb") as stream:
            return Visit(msgspec.json.decode(stream.readline(LINE_BYTES), type=Asked), connection)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
