"""What hostile bytes are thrown at, and what must hold for each. A target returns nothing and raises where it does not.

The fuzzer and the property tests share these. Importing this module imports no TensorFlow.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final

from grader.errors import LimitError, ModelError, ProtocolError, SubjectDied
from grader.protocol.frames import Channel, Closed
from grader.protocol.values import KerasValue, decode, encode
from grader.records import Limits
from grader.sandbox.process import Ended, Process
from grader.training import cleaned, order_for, rebuild_answer, training_key
from grader.training.vet import MAX_PARAMETERS, copied

LIMIT: Final = 1024**2
_WRITTEN: Final = 64 * 1024
"""Bytes that a socket takes before anyone reads."""
SECONDS: Final = 2.0
"""What a reader may wait; far more than any input here takes."""


def decode_target(data: bytes) -> None:
    """Bytes are one value or a ProtocolError, and a value has one form, which is read as the same."""
    try:
        value = decode(data)
    except ProtocolError:
        return
    form = encode(value, limit=4 * LIMIT)
    if encode(decode(form), limit=4 * LIMIT) != form:
        raise AssertionError("a value that is read as another")


def frames_target(data: bytes) -> None:
    """Whatever stands on the socket is an answer, a fault of the submission, or the end, and in time."""
    started = time.monotonic()
    _exchange(data)
    _receive(data)
    if time.monotonic() - started > 2 * SECONDS:
        raise AssertionError("the reader waited beyond its limit")


def keras_target(data: bytes) -> None:
    """A Keras value is refused with a ModelError, or its copy is settled: vetted again, it stays as it is."""
    for value in _keras_values(data):
        try:
            settled = copied(value, MAX_PARAMETERS)
        except ModelError:
            continue
        form = encode(settled, limit=16 * LIMIT)
        if encode(cleaned(settled), limit=16 * LIMIT) != form:
            raise AssertionError("a copy that is not settled")
        if settled.kind == "model":
            _order(settled)


def rebuild_target(data: bytes) -> None:
    """A Keras value is rebuilt by Keras, or refused with a ModelError."""
    for value in _keras_values(data):
        with contextlib.suppress(ModelError):
            rebuild_answer(value)


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "decode": decode_target,
    "frames": frames_target,
    "keras": keras_target,
    "rebuild": rebuild_target,
}


class NoChild:
    """A child that is gone, so that only the channel is tried."""

    def kill(self) -> None:
        pass

    def wait_for_end(self, _seconds: float) -> bool:
        return True

    def reap(self) -> Ended:
        return Ended(status=0, cpu_seconds=0.0, peak_bytes=0)

    def resident_bytes(self) -> int:
        return 0

    def seen(self) -> Any:
        return SimpleNamespace(resident_bytes=0, cpu_seconds=0.0, threads=0, scratch_is_full=False)


def exchange_with(written: bytes) -> Any:
    """What `Process.exchange` makes of these bytes, written after the question came, and the end of the stream.

    Raises as it does.
    """
    ours, theirs = socket.socketpair()
    output, unused = os.pipe()
    os.close(unused)
    theirs.sendall(written[:_WRITTEN])
    theirs.shutdown(socket.SHUT_WR)
    child: Any = NoChild()
    process = Process(_Unpeeking(ours), output, child, Limits(answer_bytes=LIMIT))
    try:
        return process.exchange({"do": "call"}, seconds=SECONDS)
    finally:
        process.kill()
        theirs.close()


class _Unpeeking(Channel):
    """A channel whose reader asks before it looks, since the bytes of an answer stand there from the beginning."""

    def pending(self) -> bool:
        return False


def _exchange(data: bytes) -> None:
    with contextlib.suppress(ProtocolError, LimitError, SubjectDied):
        exchange_with(data)


def _receive(data: bytes) -> None:
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    try:
        theirs.sendall(data[:_WRITTEN])
        theirs.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ProtocolError, Closed):
            while True:
                channel.receive(limit=LIMIT, deadline=time.monotonic() + SECONDS)
    finally:
        channel.close()
        theirs.close()


def _keras_values(data: bytes) -> list[KerasValue]:
    try:
        value = decode(data)
    except ProtocolError:
        return []
    return [item for item in (value if isinstance(value, list | tuple) else [value]) if isinstance(item, KerasValue)]


def _order(model: KerasValue) -> None:
    with contextlib.suppress(ModelError):
        key = training_key(order_for(model), data_sha256="0" * 64)
        json.dumps(key)
