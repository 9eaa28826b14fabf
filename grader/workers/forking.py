"""Forks of a process that is made to be forked: how one lives, and how others are told of it."""

from __future__ import annotations

import contextlib
import os
import socket
import traceback
from collections.abc import Callable
from typing import NoReturn


def fork(live: Callable[[], None]) -> int:
    """The number of a new process, which does `live` and nothing else of what this one would go on to do."""
    pid = os.fork()
    return pid or _end_after(live)


def _end_after(live: Callable[[], None]) -> NoReturn:
    code = 1
    try:
        live()
        code = 0
    except BaseException:  # noqa: BLE001 - told here, never passed on to who forked
        traceback.print_exc()
    finally:
        os._exit(code)


def tell(whom: socket.socket, pid: int) -> None:
    """Send `whom` a descriptor of the process `pid`, a fork of this one; nothing where nobody listens any more."""
    handle = os.pidfd_open(pid)
    with contextlib.suppress(OSError):
        socket.send_fds(whom, [b"{}"], [handle])
    os.close(handle)


def reap() -> None:
    """Forget the forks that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
