"""The process that imports what submissions need, once a machine, and is forked for each checker's warm process.

It reads no course and no submission, and runs nothing of TensorFlow. Checkers ask it for their warm processes; they
are themselves forks of a template, which this process begins: after the imports where checks work with what is
imported, as with Keras, so that it is imported once for all, and otherwise before them, so that both become ready side
by side.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import socket
import sys
from typing import Any, Final

from grader.sandbox import confinement, namespaces, warm
from grader.sandbox.importing import import_all
from grader.workers import forking

_REQUEST_BYTES: Final = 64 * 1024
_SHARED: Final = frozenset({"keras", "tensorflow"})
"""Packages that checks work with too, and that take longer to import than everything else together."""


def main(arguments: list[str]) -> None:
    """Run as `python -m grader.workers.nursery CONTROL_DESCRIPTOR`, and told its configuration over that."""
    # A batch that is interrupted ends its processes itself, after what they have finished was kept.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    namespaces.die_with_parent()
    control = socket.socket(fileno=int(arguments[0]))
    del sys.argv[1:]  # nothing that is imported is to find words there
    told = control.recv(_REQUEST_BYTES)
    if not told:
        return
    configuration = json.loads(told)
    asked, asking = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    shares = not _SHARED.isdisjoint(name.partition(".")[0] for name in configuration["imports"])
    if shares:
        import_all(configuration["imports"])
    with control, asking:
        forking.fork(functools.partial(_be_template, control, asking, configuration, early=not shares))
    if not shares:
        import_all(configuration["imports"])
    _answer(asked)


def _be_template(control: socket.socket, asking: socket.socket, configuration: dict[str, Any], *, early: bool) -> None:
    namespaces.die_with_parent()
    confinement.close_descriptors({control.fileno(), asking.fileno()})
    from grader.workers import template  # noqa: PLC0415 - what grades is never in the nursery itself

    template.serve(control, asking, configuration, early=early)


def _answer(asked: socket.socket) -> None:
    """Fork a warm process for whoever asks, until nobody is left who could."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(asked, _REQUEST_BYTES, 2)
        forking.reap()
        if not message:
            return
        control, whom = descriptors
        pid = forking.fork(functools.partial(_be_warm, control, os.fsdecode(message)))
        os.close(control)
        with socket.socket(fileno=whom) as asker:
            forking.tell(asker, pid)


def _be_warm(control: int, folder: str) -> None:
    os.setsid()
    confinement.close_descriptors({control})
    os.chdir(folder)
    os.environ["HOME"] = folder
    warm.main([str(control)])


if __name__ == "__main__":
    main(sys.argv[1:])
