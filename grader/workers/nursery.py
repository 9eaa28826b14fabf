"""The process that imports what every other process of a batch needs, once a machine, and is forked for each checker.

It reads no course and no submission, and runs nothing of TensorFlow. A checker is a fork of it, and forks its own
warm process before it is told anything; so TensorFlow is imported once and not twice for each core.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import traceback
from typing import Any, Final, NoReturn

from grader.sandbox import confinement, namespaces
from grader.sandbox.importing import import_all

_REQUEST_BYTES: Final = 64


def main(arguments: list[str]) -> None:
    """Run as `python -m grader.workers.nursery CONTROL_DESCRIPTOR CONFIGURATION`."""
    # A batch that is interrupted ends its processes itself, after what they have finished was kept.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    namespaces.die_with_parent()
    configuration = json.loads(arguments[1])
    control = socket.socket(fileno=int(arguments[0]))
    import_all(configuration["imports"])
    control.send(b"{}")
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, _REQUEST_BYTES, 1)
        _reap()
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            _become(descriptors[0], configuration)
        os.close(descriptors[0])
        handle = os.pidfd_open(pid)
        socket.send_fds(control, [json.dumps({"pid": pid}).encode()], [handle])
        os.close(handle)


def _reap() -> None:
    """Forget the checkers that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _become(descriptor: int, configuration: dict[str, Any]) -> NoReturn:
    """The checker's whole life. It never returns into the nursery's loop."""
    code = 1
    try:
        namespaces.die_with_parent()
        os.setsid()
        confinement.close_descriptors({descriptor})
        from grader.workers.checker import live  # noqa: PLC0415 - what grades is never in the nursery itself

        live(socket.socket(fileno=descriptor), configuration)
        code = 0
    except BaseException:  # noqa: BLE001 - told below, never passed on into the loop
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
