"""The kernel's end: starts the process that grades, asks it, and ends it when the student interrupts."""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
from collections.abc import Callable

import msgspec

from grader.errors import InternalError
from grader.language import _
from grader.notebook.messages import LINE_BYTES, Asked, Told, encoded


class Client:
    """One process that grades, started when it is first needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        atexit.register(self.close)

    def grade(self, asked: Asked, step: Callable[[str], None]) -> Told:
        """What comes of it; `step` is told what is being done. Raises InternalError where the process is lost.

        An interruption ends the process at once, and is passed on.
        """
        connection = self._connected()
        try:
            connection.sendall(encoded(asked))
            with connection.makefile("rb") as stream:
                while line := stream.readline(LINE_BYTES):
                    told = msgspec.json.decode(line, type=Told)
                    if told.step is None:
                        return told
                    step(told.step)
        except KeyboardInterrupt:
            self.close()
            raise
        except OSError:
            pass
        self.close()
        raise InternalError(_("The process that grades was lost; run the cell again."))

    def close(self) -> None:
        """End the process, with all that it has started."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._connection = self._process = None

    def _connected(self) -> socket.socket:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._connection is None:
            ours, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "grader.notebook.service", str(theirs.fileno())],
                    # What the student has imported and set is of no concern to grading.
                    env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=(theirs.fileno(),),
                    start_new_session=True,
                )
            self._connection = ours
        return self._connection
