"""The process that has made everything ready that a checker needs, and is forked for each of them."""

from __future__ import annotations

import functools
import gc
import os
import socket
from typing import Any, Final

from grader.sandbox import confinement, namespaces
from grader.workers import forking
from grader.workers.checker import live, make_ready

_REQUEST_BYTES: Final = 64


def serve(control: socket.socket, nursery: socket.socket, configuration: dict[str, Any], *, early: bool) -> None:
    """Fork a checker for each request over `control`, until that is closed; checkers ask `nursery`.

    While the nursery still imports, as `early` says, there is time to make ready what each of them needs. That waits
    for the first request, which comes when the batch itself has nothing more to import: two cores are enough for both.
    Otherwise each checker does so for itself, while the nursery, which has imported everything, forks for it.
    """
    asks_at_once = not early
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, _REQUEST_BYTES, 1)
        forking.reap()
        if not message:
            return
        if early:
            make_ready()
            gc.freeze()
            early = False
        be_checker = functools.partial(_be_checker, descriptors[0], nursery, configuration, asks_at_once=asks_at_once)
        pid = forking.fork(be_checker)
        os.close(descriptors[0])
        forking.tell(control, pid)


def _be_checker(connection: int, nursery: socket.socket, configuration: dict[str, Any], *, asks_at_once: bool) -> None:
    namespaces.die_with_parent()
    os.setsid()
    confinement.close_descriptors({connection, nursery.fileno()})
    live(socket.socket(fileno=connection), nursery, configuration, asks_at_once=asks_at_once)
