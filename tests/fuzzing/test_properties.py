"""What hostile bytes come to: the named fault, in little memory and in time. No process, no TensorFlow."""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import ProtocolError, SubjectDied
from grader.protocol.frames import Channel, Closed, Kind
from grader.protocol.values import MAX_NODES, decode, encode
from tests.fuzzing.mutations import mutated
from tests.fuzzing.seeds import KERAS_VALUES, VALUES, frame, seeds
from tests.fuzzing.targets import LIMIT, decode_target, exchange_with, frames_target, keras_target

SOURCES = st.integers(0, 2**32).map(random.Random)
NOTHING = encode(None, limit=10)


@pytest.fixture
def pair() -> Iterator[tuple[Channel, socket.socket]]:
    ours, theirs = socket.socketpair()
    yield Channel(ours), theirs
    ours.close()
    theirs.close()


@given(st.sampled_from([*VALUES, *KERAS_VALUES]), SOURCES)
def test_changed_values_are_values_or_malformed(value: object, source: random.Random) -> None:
    changed = mutated(value, source)
    try:
        form = encode(changed, limit=LIMIT)
    except (OverflowError, RecursionError):
        return
    decode_target(form)


@given(st.sampled_from(seeds("decode")), SOURCES, st.integers(1, 8))
def test_changed_bytes_are_values_or_malformed(form: bytes, source: random.Random, changes: int) -> None:
    decode_target(damaged(form, source, changes))


@given(st.sampled_from(KERAS_VALUES), SOURCES)
@settings(max_examples=400)
def test_changed_keras_values_are_refused_or_settled(value: object, source: random.Random) -> None:
    try:
        form = encode(mutated(value, source), limit=LIMIT)
    except (OverflowError, RecursionError):
        return
    keras_target(form)


@given(st.sampled_from(seeds("frames")), SOURCES, st.integers(1, 8))
def test_changed_frames_are_answers_or_faults(written: bytes, source: random.Random, changes: int) -> None:
    frames_target(damaged(written, source, changes))


@given(st.binary(max_size=400))
def test_random_bytes_are_faults(data: bytes) -> None:
    decode_target(data)
    frames_target(data)


def damaged(data: bytes, source: random.Random, changes: int) -> bytes:
    copied = bytearray(data)
    for _ in range(changes):
        position = source.randrange(len(copied) + 1)
        match source.randrange(4):
            case 0:
                copied[position : position + 1] = bytes([source.randrange(256)])
            case 1:
                copied[position : position + 4] = struct.pack("<I", source.choice((0, 1, 255, 2**31, 2**32 - 1)))
            case 2:
                del copied[position : position + source.randrange(1, 9)]
            case _:
                copied[position:position] = copied[: source.randrange(1, 20)]
    return bytes(copied)


@pytest.mark.parametrize(
    "written",
    [
        frame(NOTHING, number=2),  # early
        frame(NOTHING, number=0),
        frame(NOTHING, number=2**32 - 1),
        frame(NOTHING, kind=Kind.ASK),  # a question back
        frame(NOTHING, kind=0),
        frame(NOTHING, kind=255),
        frame(NOTHING, number=2) + frame(NOTHING),  # in another order
        frame(b""),
        frame(NOTHING * 2),
        frame(NOTHING, length=2**32 - 1),  # more than is allowed
        frame(NOTHING, length=LIMIT + 1),
        b"\xff" * 100,
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
    ids=lambda written: repr(written[:12]),
)
def test_frames_that_answer_nothing_are_the_submissions_fault(written: bytes) -> None:
    with pytest.raises(ProtocolError):
        exchange_with(written)


@pytest.mark.parametrize("written", [b"", b"\0", frame(NOTHING)[:-1], frame(NOTHING, length=100), b"\0" * 8])
def test_half_a_frame_and_the_end_is_a_death(written: bytes) -> None:
    with pytest.raises(SubjectDied):
        exchange_with(written)


def test_the_first_of_two_answers_counts_and_the_second_is_seen(pair: tuple[Channel, socket.socket]) -> None:
    channel, other = pair
    other.sendall(frame(encode(1, limit=10)) + frame(encode(2, limit=10)))
    assert decode(channel.receive(limit=100).payload) == 1
    assert channel.pending()


def dribble(other: socket.socket, written: bytes) -> None:
    for position in range(len(written)):
        other.sendall(written[position : position + 1])


def test_a_frame_may_be_split_at_every_byte(pair: tuple[Channel, socket.socket]) -> None:
    channel, other = pair
    for value in (*VALUES, *KERAS_VALUES):
        written = frame(encode(value, limit=LIMIT))
        sender = threading.Thread(target=dribble, args=(other, written))
        sender.start()
        received = channel.receive(limit=LIMIT, deadline=time.monotonic() + 30)
        sender.join()
        assert bytes(received.payload) == written[9:]


@pytest.mark.parametrize("sent", [b"", b"\0\0\0", frame(b"x" * 100)[:9], frame(b"x" * 100)[:50]])
def test_half_a_frame_and_silence_ends_at_the_deadline(pair: tuple[Channel, socket.socket], sent: bytes) -> None:
    channel, other = pair
    other.sendall(sent)
    with pytest.raises(TimeoutError):
        channel.receive(limit=1_000, deadline=time.monotonic() + 0.05)
    other.shutdown(socket.SHUT_WR)
    with pytest.raises(Closed):
        channel.receive(limit=1_000, deadline=time.monotonic() + 5)


def u32(number: int) -> bytes:
    return struct.pack("<I", number)


def array(dtype: bytes, *shape: int, data: bytes = b"") -> bytes:
    lengths = b"".join(struct.pack("<Q", length) for length in shape)
    return b"A" + u32(len(dtype)) + dtype + bytes([len(shape)]) + lengths + data


BOMBS = {
    "a list that claims all that there may be": b"L" + u32(MAX_NODES),
    "a list that claims more": b"L" + u32(2**32 - 1) + b"N" * 100,
    "lists within lists that each claim much": (b"L" + u32(10_000)) * 60,
    "a dictionary that claims much": b"M" + u32(2**32 - 1) + b"NN",
    "a text that claims much": b"S" + u32(2**32 - 1) + b"a",
    "an integer of a million digits": b"I" + u32(415_241) + b"\x7f" * 415_241,
    "an array of four petabytes": array(b"<f8", 2**49),
    "a shape whose product overflows": array(b"<f8", 2**63, 2**63, 2**63),
    "a shape whose product wraps to nothing": array(b"<f8", 2**32, 2**32),
    "a huge shape with a zero that comes last": array(b"<f8", 2**63, 2**63, 0),
    "a zero and then more than NumPy counts": array(b"<f4", 0, 2**64 - 1),
    "elements of a gigabyte": array(b"<U999999999", 1),
    "an array of structures": array(b"<f4,<f4", 1),
    "a scalar of a gigabyte": b"G" + u32(11) + b"<S999999999" + u32(0),
    "thirty-three dimensions": array(b"<f8", *([1] * 33), data=bytes(8)),
    "lists deeper than allowed": (b"L" + u32(1)) * 100_000 + b"N",
    "tuples of Keras values without end": b"K" * 100_000,
    "a Keras value of an unknown kind": b"K" + b"S" + u32(3) + b"cat" + b"M" + u32(0) + b"U" + u32(0) + b"M" + u32(0),
    "a key that cannot be hashed": b"M" + u32(1) + array(b"<f8", 1, data=bytes(8)) + b"N",
    "a key that is NaN": b"M" + u32(1) + b"D" + struct.pack("<d", float("nan")) + b"N",
    "keys whose hashes collide": b"M" + u32(1) + b"I" + u32(9) + b"\xff" * 7 + b"\x1f\x01" + b"N",
    "a character beyond the last": array(b"<U1", 1, data=b"\0\0\x11\0"),
    "text that is no UTF-8": b"S" + u32(2) + b"\xff\xfe",
    "an overlong form of a character": b"S" + u32(2) + b"\xc0\x80",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_malformed_in_little_memory(name: str) -> None:
    """Little is what a list of as many parts as one value may have takes: a pointer each."""
    tracemalloc.start()
    try:
        with pytest.raises(ProtocolError):
            decode(BOMBS[name])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * 1024**2


def test_what_a_frame_unfolds_into_is_bounded() -> None:
    """The worst: empty dictionaries, 64 bytes in memory for five on the channel, as many as one value may have."""
    count = MAX_NODES - 1
    form = b"L" + u32(count) + (b"M" + u32(0)) * count
    tracemalloc.start()
    try:
        assert len(decode(form)) == count
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 128 * 1024**2
    with pytest.raises(ProtocolError):
        decode(b"L" + u32(count + 1) + (b"M" + u32(0)) * (count + 1))


@pytest.mark.parametrize("shape", [(0,), (0, 5), (3, 0, 2**20)])
def test_arrays_without_elements_cross(shape: tuple[int, ...]) -> None:
    assert decode(array(b"<f4", *shape)).shape == shape


def test_lone_surrogates_cross_in_arrays() -> None:
    assert decode(encode(np.array(["\udfff"]), limit=LIMIT))[0] == "\udfff"


def test_a_header_alone_costs_no_memory(pair: tuple[Channel, socket.socket]) -> None:
    channel, other = pair
    other.sendall(frame(b"few", length=500 * 1024**2))
    tracemalloc.start()
    try:
        with pytest.raises(TimeoutError):
            channel.receive(limit=512 * 1024**2, deadline=time.monotonic() + 0.05)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * 1024**2
