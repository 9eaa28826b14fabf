"""Frames on a real socket pair."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator

import pytest

from grader.errors import LimitError, ProtocolError
from grader.protocol.frames import Channel, Closed, Kind


@pytest.fixture
def pair() -> Iterator[tuple[Channel, socket.socket]]:
    ours, theirs = socket.socketpair()
    yield Channel(ours), theirs
    ours.close()
    theirs.close()


def test_a_frame_arrives_as_it_was_sent(pair: tuple[Channel, socket.socket]) -> None:
    channel, other = pair
    Channel(other).send(7, Kind.ANSWER, b"payload")
    frame = channel.receive(limit=100)
    assert (frame.number, frame.kind, bytes(frame.payload)) == (7, Kind.ANSWER, b"payload")


def test_a_large_frame_arrives_whole(pair: tuple[Channel, socket.socket]) -> None:
    channel, other = pair
    payload = bytes(range(256)) * 20_000
    sender = threading.Thread(target=Channel(other).send, args=(1, Kind.ANSWER, payload))
    sender.start()
    assert channel.receive(limit=len(payload)).payload == payload
    sender.join()


def test_a_frame_over_the_limit_is_refused_before_it_is_read(pair: tuple[Channel, socket.socket]) -> None:
    channel, other = pair
    other.sendall(struct.pack("<IIB", 2**31, 1, Kind.ANSWER))
    with pytest.raises(ProtocolError):
        channel.receive(limit=1000)


def test_a_frame_of_no_known_kind_is_refused(pair: tuple[Channel, socket.socket]) -> None:
    channel, other = pair
    other.sendall(struct.pack("<IIB", 0, 1, 99))
    with pytest.raises(ProtocolError):
        channel.receive(limit=1000)


def test_the_deadline_holds_for_a_frame_that_dribbles(pair: tuple[Channel, socket.socket]) -> None:
    channel, other = pair
    other.sendall(struct.pack("<IIB", 100, 1, Kind.ANSWER) + b"some")
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        channel.receive(limit=1000, deadline=started + 0.1)
    assert time.monotonic() - started < 5


def test_the_tick_runs_while_waiting_and_may_raise(pair: tuple[Channel, socket.socket]) -> None:
    channel, _ = pair
    calls = []

    def tick() -> None:
        calls.append(1)
        if len(calls) == 3:
            raise LimitError("enough", timed_out=False)

    with pytest.raises(LimitError):
        channel.receive(limit=10, tick=tick)
    assert len(calls) == 3


def test_the_end_of_the_stream_is_told(pair: tuple[Channel, socket.socket]) -> None:
    channel, other = pair
    other.sendall(b"\0\0")
    other.close()
    with pytest.raises(Closed):
        channel.receive(limit=10)


def test_what_nobody_asked_for_is_seen(pair: tuple[Channel, socket.socket]) -> None:
    channel, other = pair
    assert not channel.pending()
    other.sendall(b"x")
    assert channel.pending()


def test_sending_to_a_reader_that_does_not_read_ends(pair: tuple[Channel, socket.socket]) -> None:
    channel, _ = pair
    with pytest.raises(TimeoutError):
        channel.send(1, Kind.ASK, bytes(50 * 1024**2), deadline=time.monotonic() + 0.1)
