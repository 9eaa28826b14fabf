"""The end that asks: finds a host of the same user, and takes its report."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from grader.records import Report
from grader.sandbox.folders import owned_folders
from grader.sharing.host import SUFFIX
from grader.sharing.messages import LINE_BYTES, Asked, Told, address, encoded, peer

_TAKEN_SECONDS: Final = 1.0
"""Within which a host that is not busy has begun; otherwise it would be faster to do it oneself."""
_SILENT_SECONDS: Final = 15.0
"""After which a host that has begun, and says it every few seconds, was stopped or hangs."""


def ask_host(key: Callable[[], str], asked: Asked, step: Callable[[str], None]) -> Report | None:
    """The report of a host whose key is `key()`; None where there is none, or it does not give one.

    `step` is told what the host does. An interruption leaves the host to itself, and is passed on.
    """
    if not sys.platform.startswith("linux"):
        return None
    files = [file for folder in owned_folders() for file in Path(folder).glob(f"*{SUFFIX}")]
    if not files:
        return None  # and the key, which takes looking at many files, is not needed
    wanted = key()
    for file in files:
        if file.stem == wanted:
            report = _asked_of(file, asked, step)
            if report is not None:
                return report
    return None


def _asked_of(file: Path, asked: Asked, step: Callable[[str], None]) -> Report | None:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_TAKEN_SECONDS)
            with address(file) as name:
                connection.connect(name)
            if peer(connection) != os.geteuid():
                return None
            connection.sendall(encoded(asked))
            with connection.makefile("rb") as stream:
                while line := stream.readline(LINE_BYTES):
                    told = msgspec.json.decode(line, type=Told)
                    if told.step is None:
                        return told.report
                    if told.step:
                        step(told.step)
                    connection.settimeout(_SILENT_SECONDS)
    except (OSError, ValueError, msgspec.MsgspecError):
        pass
    return None
