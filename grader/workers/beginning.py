"""Beginning a nursery and asking it for checkers. Imports little: a nursery begins while others still import."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import threading
from typing import TYPE_CHECKING, Final, Self

from grader.errors import InternalError
from grader.language import _
from grader.sandbox.environment import clean_environment, python_command
from grader.workers.machine import require_linux

if TYPE_CHECKING:
    from grader.workers.jobs import Setup

_ANSWER_BYTES: Final = 4096
_MODULE: Final = "grader.workers.nursery"
_READY_SECONDS: Final = 300.0
_WORDS_BYTES: Final = 4096


class Nursery:
    """The process that checkers, and the warm processes that they ask for, come from. Raises UsageError but on Linux.

    It can be begun before anyone knows what it is to import; `begin` tells it.
    """

    def __init__(self) -> None:
        require_linux()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._written = os.fdopen(os.memfd_create("nursery"), "rb", buffering=0)
        self._read = 0
        with theirs:
            self._process = subprocess.Popen(
                python_command(_MODULE, str(theirs.fileno())),
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._written,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )

    def begin(self, setup: Setup) -> Self:
        """Let it import what submissions need, and make ready what checkers need; to be called once."""
        words = json.dumps({"imports": setup.imports, "sandbox": setup.sandbox}).encode()
        with contextlib.suppress(OSError):  # one that is gone is noticed where a checker is asked for
            self._control.send(words)
        return self

    def fork(self, connection: int) -> int:
        """A descriptor of a new checker's process, a fork of its template; it speaks over `connection`.

        Raises InternalError where the nursery is gone, or does not answer.
        """
        message, descriptors = b"", list[int]()
        with contextlib.suppress(OSError):  # closed by the other side, perhaps in the middle of it
            socket.send_fds(self._control, [b"fork"], [connection])
            if not select.select([self._control], [], [], _READY_SECONDS)[0]:
                raise InternalError(_("The process that grading processes are forked from does not answer."))
            message, descriptors, _flags, _address = socket.recv_fds(self._control, _ANSWER_BYTES, 1)
        if not message:
            words = self.last_words() or "no message"
            raise InternalError(_("The process that grading processes are forked from has ended: {text}", text=words))
        return descriptors[0]

    def last_words(self) -> str:
        """The last line that it, or a fork of it, has written since this was last asked; most often what it raised."""
        written = os.fstat(self._written.fileno()).st_size
        start, self._read = max(self._read, written - _WORDS_BYTES), written
        lines = os.pread(self._written.fileno(), written - start, start).decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def close(self) -> None:
        """End it; its checkers end with it. A second call does nothing.

        Nobody waits for the end, which takes as long as a submission: there is much memory to give back.
        """
        self._control.close()
        self._written.close()
        self._process.kill()
        threading.Thread(target=self._process.wait, daemon=True).start()
