"""Values through the protocol and garbage into it."""

from __future__ import annotations

import contextlib
import math
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.errors import ProtocolError
from grader.protocol.values import KerasValue, Opaque, decode, encode

LIMIT = 10**6

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**2000), 2**2000)
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(st.characters())
    | st.binary(),
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(-(2**59), 2**59), inner)
    ),
    max_leaves=30,
)
DTYPES = [np.dtype(name) for name in ("u1", "i8", "f4", "f8", "?", "c8", "<U3", "S2", ">f4")]
ARRAYS: st.SearchStrategy[np.ndarray] = hnp.arrays(
    st.sampled_from(DTYPES),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)


def through(value: Any) -> Any:
    return decode(encode(value, limit=LIMIT))


def same(one: Any, other: Any) -> bool:
    """Equality that tells types apart, all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return bool(one == other)


@given(PLAIN)
def test_plain_values_come_back_as_they_were(value: Any) -> None:
    assert same(through(value), value)


@given(ARRAYS)
def test_arrays_keep_shape_kind_and_bytes(array: np.ndarray) -> None:
    back = through(array)
    assert back.shape == array.shape
    assert back.dtype == array.dtype.newbyteorder("<")
    assert back.tobytes() == array.astype(back.dtype).tobytes()


@given(st.binary(max_size=300))
def test_garbage_raises_the_protocols_own_error(data: bytes) -> None:
    with contextlib.suppress(ProtocolError):
        decode(data)


@given(PLAIN, st.data())
def test_a_broken_value_raises_the_protocols_own_error(value: Any, data: st.DataObject) -> None:
    encoded = bytearray(encode(value, limit=LIMIT))
    position = data.draw(st.integers(0, len(encoded) - 1))
    encoded[position] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ProtocolError):
        decode(encoded[: data.draw(st.integers(0, len(encoded)))])


@pytest.mark.parametrize("value", [np.float32(1.5), np.int64(-3), np.bool_(1), np.str_("가"), np.bytes_(b"x")])
def test_numpy_scalars_stay_scalars(value: np.generic) -> None:
    back = through(value)
    assert type(back) is type(value)
    assert back == value


def test_nan_stays_nan() -> None:
    assert math.isnan(through(math.nan))
    assert math.isnan(through(np.float32("nan")))


def test_a_lone_surrogate_passes() -> None:
    assert through("\ud800") == "\ud800"


def test_subclasses_arrive_as_the_plain_values_they_hold() -> None:
    class Liar(int):
        def __int__(self) -> int:
            return 1

        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = int.__hash__

    class Sly(list[int]):
        def __len__(self) -> int:
            return 0

    class Matrix(np.ndarray):
        __hash__ = None

        def __eq__(self, other: object) -> Any:
            return True

    assert same(through(Liar(7)), 7)
    assert same(through(Sly([1, 2])), [1, 2])
    assert type(through(np.zeros(2).view(Matrix))) is np.ndarray


@pytest.mark.parametrize("value", [object(), len, int, {1, 2}, np.array([object()]), np.zeros(2, "M8[s]"), range(3)])
def test_everything_else_crosses_by_name_only(value: object) -> None:
    assert isinstance(through(value), Opaque)


def test_a_masked_array_is_no_plain_array() -> None:
    assert isinstance(through(np.ma.masked_array([1, 2], [True, False])), Opaque)


def test_a_description_takes_the_place_of_an_object() -> None:
    described = KerasValue("layer", {"class_name": "Dense"}, (np.ones(2),), {"built": True})
    back = decode(encode([object()], limit=LIMIT, describe=lambda _: described))[0]
    assert isinstance(back, KerasValue)
    assert (back.kind, back.config, back.facts) == ("layer", {"class_name": "Dense"}, {"built": True})


def test_a_value_over_the_limit_is_refused() -> None:
    with pytest.raises(OverflowError):
        encode(np.zeros(1000), limit=1000)
    with pytest.raises(OverflowError):
        encode("x" * 1001, limit=1000)
    with pytest.raises(OverflowError):
        encode(1 << 5000, limit=10**6)


def test_a_value_nested_too_deep_is_refused() -> None:
    value: list[Any] = []
    for _ in range(100):
        value = [value]
    with pytest.raises(RecursionError):
        encode(value, limit=LIMIT)
    cycle: list[Any] = []
    cycle.append(cycle)
    with pytest.raises(RecursionError):
        encode(cycle, limit=LIMIT)


@pytest.mark.parametrize(
    "data",
    [
        b"L\xff\xff\xff\xff",  # a list of four thousand million
        b"M\xff\xff\xff\xff" + b"NN" * 50,
        b"L\x01\0\0\0" * 100 + b"N",  # deeper than allowed
        b"I\0\0\0\0",
        b"A\x03\0\0\0|O8\0",  # an array of objects
        b"A\x03\0\0\0<f8\x02" + b"\xff" * 16,  # of more elements than there are bytes
        b"A\x03\0\0\0<U0\x01" + b"\xff" * 8,  # of elements of no size
        b"A\x03\0\0\0<V8\x00" + b"\0" * 8,
        b"M\x01\0\0\0L\0\0\0\0N",  # a list as a key
        b"NN",
        b"",
        b"K" + b"NNNN",
        b"?",
        b"G\x03\0\0\0<U1\x04\0\0\0\0\0\x11\0",  # a character beyond the last
        b"A\x03\0\0\0<U1\x01" + struct.pack("<Q", 1) + b"\xff\xff\xff\xff",
        b"A\x03\0\0\0|b1\x01" + struct.pack("<Q", 1) + b"\x02",  # a bool that is neither
        b"G\x03\0\0\0|b1\x01\0\0\0\xff",
    ],
)
def test_known_attacks_are_malformed(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(data)


@pytest.mark.parametrize("key", [1 << 61, (1, 2), 0.5, b"x"])
def test_keys_that_can_be_made_to_collide_are_refused(key: object) -> None:
    with pytest.raises(OverflowError):
        encode({key: 1}, limit=LIMIT)


def test_arrays_that_arrive_cannot_be_written_to() -> None:
    assert not through(np.zeros(3)).flags.writeable
