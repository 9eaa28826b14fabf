"""The values of the protocol and their one binary form.

A value is a tag of one byte and what the tag needs; lengths are unsigned and little-endian. The form keeps what JSON
and MessagePack lose and the checks need: tuples apart from lists, integers of any size, NumPy scalars and arrays.

    N T F           None, True, False
    I<u32>bytes     int, signed little-endian
    D<f64>          float            C<f64><f64>  complex
    S<u32>utf-8     str (lone surrogates pass)        B<u32>bytes  bytes
    L<u32>…         list             U<u32>…      tuple
    M<u32>k v …     dict
    A dtype shape data               NumPy array      G dtype data   NumPy scalar
    K kind payload  Keras object     O type text      an object of any other class, by name only
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.ma  # else imported where it is first asked for, which is in each fork

from grader.errors import ProtocolError

MAX_DEPTH: Final = 64
MAX_NODES: Final = 1_000_000
"""Values in one frame, so that a small frame cannot unfold into a large memory."""
MAX_INT_BYTES: Final = 512
MAX_KEY_BITS: Final = 60
"""Of an integer that is a key. The hash of a larger one wraps, and thousands of equal hashes take minutes to store."""
MAX_DIMENSIONS: Final = 32
PLAIN_KINDS: Final = "biufcUS"
"""`numpy.dtype.kind` of what may cross: no objects, no records, no dates."""
KERAS_KINDS: Final = frozenset({"layer", "model", "optimizer", "loss", "metric", "history"})

_U8 = struct.Struct("<B")
_U32 = struct.Struct("<I")
_U64 = struct.Struct("<Q")
_F64 = struct.Struct("<d")
_C128 = struct.Struct("<dd")


@dataclass(frozen=True, slots=True)
class KerasValue:
    """A Keras object as configuration plus weights: plain values all the way down.

    `kind` is one of `KERAS_KINDS`; `config` what `keras.saving.serialize_keras_object` gives; `weights` the arrays in
    the order of `get_weights()`; `facts` what a configuration cannot tell (which objects are one and the same).
    From a subject, each part is only what the subject says.
    """

    kind: str
    config: dict[str, Any]
    weights: tuple[np.ndarray, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opaque:
    """An object that may not cross, by the name of its class and a short description."""

    type_name: str
    text: str = ""


Describe = Callable[[object], KerasValue | Opaque | None]
"""Turns an object outside the closed set into one that is in it, or None when it does not know it."""


def encode(value: object, *, limit: int, describe: Describe | None = None) -> bytes:
    """The binary form of `value`.

    Objects outside the closed set become what `describe` makes of them, else `Opaque`. Raises OverflowError
    when the form would take more than `limit` bytes or hold more than `MAX_NODES` values, or
    RecursionError when it is nested deeper than `MAX_DEPTH`.
    """
    writer = _Writer(limit, describe)
    writer.write(value, MAX_DEPTH)
    return b"".join(writer.parts)


def decode(data: bytes | bytearray | memoryview) -> Any:
    """The value whose binary form `data` is. Arrays are views of `data` and read-only.

    Raises ProtocolError, and nothing else, when `data` is not exactly one value.
    """
    reader = _Reader(memoryview(data).toreadonly())
    try:
        value = reader.read(MAX_DEPTH)
    except (struct.error, ValueError, TypeError, OverflowError, IndexError, UnicodeError, MemoryError) as error:
        raise ProtocolError(f"malformed value: {type(error).__name__}") from None
    if reader.position != len(reader.data):
        raise ProtocolError("malformed value: bytes left over")
    return value


class _Writer:
    def __init__(self, limit: int, describe: Describe | None) -> None:
        self.parts: list[bytes] = []
        self.left = limit
        self.describe = describe
        self.nodes = MAX_NODES

    def put(self, *parts: bytes) -> None:
        for part in parts:
            self.left -= len(part)
            if self.left < 0:
                raise OverflowError("the value is larger than the limit")
            self.parts.append(part)

    def sized(self, tag: bytes, data: bytes) -> None:
        self.put(tag, _U32.pack(len(data)), data)

    def write(self, value: object, depth: int) -> None:
        self.nodes -= 1
        if self.nodes < 0:
            raise OverflowError("the value has too many parts")
        if depth == 0:
            raise RecursionError("the value is nested too deep")
        if value is None:
            self.put(b"N")
        elif value is True or value is False:
            self.put(b"T" if value else b"F")
        elif isinstance(value, np.generic):
            self._scalar(value)
        elif not (self._number(value) or self._text(value) or self._container(value, depth)):
            self._object(value, depth)

    # A subclass may lie about itself, so the base class's own methods reduce it to the plain value that it holds.

    def _number(self, value: object) -> bool:
        if isinstance(value, int):
            self._int(int.__int__(value))
        elif isinstance(value, float):
            self.put(b"D", _F64.pack(float.__float__(value)))
        elif isinstance(value, complex):
            number = complex.__complex__(value)
            self.put(b"C", _C128.pack(number.real, number.imag))
        else:
            return False
        return True

    def _text(self, value: object) -> bool:
        if isinstance(value, str):
            self.sized(b"S", str.encode(value, "utf-8", "surrogatepass"))
        elif isinstance(value, bytes | bytearray):
            self.sized(b"B", bytes(memoryview(value)))
        else:
            return False
        return True

    def _container(self, value: object, depth: int) -> bool:
        if isinstance(value, list):
            self._items(b"L", list.__len__(value), list.__iter__(value), depth)
        elif isinstance(value, tuple):
            self._items(b"U", tuple.__len__(value), tuple.__iter__(value), depth)
        elif isinstance(value, dict):
            self._dict(value, depth)
        else:
            return False
        return True

    def _items(self, tag: bytes, count: int, items: Iterator[Any], depth: int) -> None:
        self.put(tag, _U32.pack(count))
        for item in items:
            self.write(item, depth - 1)

    def _object(self, value: object, depth: int) -> None:
        if isinstance(value, np.ndarray) and not isinstance(value, numpy.ma.MaskedArray):
            self._array(value)
            return
        known = isinstance(value, KerasValue | Opaque)
        described = value if known or self.describe is None else self.describe(value)
        if isinstance(described, KerasValue):
            self._keras(described, depth)
        else:
            self._opaque(described if isinstance(described, Opaque) else _opaque(value))

    def _int(self, value: int) -> None:
        size = value.bit_length() // 8 + 1
        if size > MAX_INT_BYTES:
            raise OverflowError("the integer is too large")
        self.sized(b"I", value.to_bytes(size, "little", signed=True))

    def _dict(self, value: dict[Any, Any], depth: int) -> None:
        self.put(b"M", _U32.pack(dict.__len__(value)))
        for key, item in dict.items(value):
            if not _is_key(key):
                raise OverflowError("a dictionary with keys other than strings and small integers")
            self.write(key, depth - 1)
            self.write(item, depth - 1)

    def _keras(self, value: KerasValue, depth: int) -> None:
        self.put(b"K")
        for part in (value.kind, value.config, value.weights, value.facts):
            self.write(part, depth - 1)

    def _scalar(self, value: np.generic) -> None:
        if value.dtype.kind not in PLAIN_KINDS:
            self._opaque(_opaque(value))
            return
        dtype = value.dtype.newbyteorder("<")
        self.put(b"G")
        self.sized(b"", dtype.str.encode())
        self.sized(b"", np.asarray(value, dtype).tobytes())

    def _array(self, value: np.ndarray) -> None:
        if value.dtype.kind not in PLAIN_KINDS:
            self._opaque(Opaque("numpy.ndarray", f"dtype {value.dtype}"))
            return
        plain = np.ndarray.view(value, np.ndarray)
        dtype = plain.dtype.newbyteorder("<")
        if plain.nbytes > self.left:
            raise OverflowError("the array is larger than the limit")
        self.put(b"A")
        self.sized(b"", dtype.str.encode())
        self.put(_U8.pack(plain.ndim), *(_U64.pack(length) for length in plain.shape))
        self.put(np.ascontiguousarray(plain, dtype).tobytes())

    def _opaque(self, value: Opaque) -> None:
        self.put(b"O")
        self.sized(b"", value.type_name[:200].encode("utf-8", "replace"))
        self.sized(b"", value.text[:2000].encode("utf-8", "replace"))


def _is_key(key: object) -> bool:
    return isinstance(key, str) or (isinstance(key, int) and int.bit_length(key) <= MAX_KEY_BITS)


def _opaque(value: object) -> Opaque:
    kind: type = type(value)
    return Opaque(f"{kind.__module__}.{kind.__qualname__}")


def _elements(data: memoryview, dtype: np.dtype[Any]) -> np.ndarray:
    """The elements in `data`, a view of it. NumPy believes any bytes; Python then breaks where it looks at them."""
    if dtype.kind == "U" and (np.frombuffer(data, "<u4") > sys.maxunicode).any():
        raise ProtocolError("malformed value: no characters")
    if dtype.kind == "b" and (np.frombuffer(data, np.uint8) > 1).any():
        raise ProtocolError("malformed value: neither true nor false")
    return np.frombuffer(data, dtype)


class _Reader:
    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.position = 0
        self.nodes = MAX_NODES

    def take(self, size: int) -> memoryview:
        end = self.position + size
        if end > len(self.data):
            raise ProtocolError("malformed value: it ends too early")
        part = self.data[self.position : end]
        self.position = end
        return part

    def u32(self) -> int:
        return int(_U32.unpack(self.take(4))[0])

    def sized(self) -> memoryview:
        return self.take(self.u32())

    def read(self, depth: int) -> Any:  # noqa: PLR0911, PLR0912, C901 - one branch for each tag of the table above
        self.nodes -= 1
        if self.nodes < 0:
            raise ProtocolError("malformed value: too many parts")
        if depth == 0:
            raise ProtocolError("malformed value: nested too deep")
        match bytes(self.take(1)):
            case b"N":
                return None
            case b"T":
                return True
            case b"F":
                return False
            case b"I":
                data = self.sized()
                if not 0 < len(data) <= MAX_INT_BYTES:
                    raise ProtocolError("malformed value: an integer of this size")
                return int.from_bytes(data, "little", signed=True)
            case b"D":
                return _F64.unpack(self.take(8))[0]
            case b"C":
                return complex(*_C128.unpack(self.take(16)))
            case b"S":
                return str(self.sized(), "utf-8", "surrogatepass")
            case b"B":
                return bytes(self.sized())
            case b"L":
                return self._items(depth)
            case b"U":
                return tuple(self._items(depth))
            case b"M":
                return self._dict(depth)
            case b"A":
                return self._array()
            case b"G":
                return self._scalar()
            case b"K":
                return self._keras(depth)
            case b"O":
                return Opaque(str(self.sized(), "utf-8"), str(self.sized(), "utf-8"))
            case _:
                raise ProtocolError("malformed value: unknown tag")

    def _items(self, depth: int) -> list[Any]:
        count = self.u32()
        if count > self.nodes:
            raise ProtocolError("malformed value: too many parts")
        return [self.read(depth - 1) for _ in range(count)]

    def _dict(self, depth: int) -> dict[Any, Any]:
        count = self.u32()
        if count > self.nodes:
            raise ProtocolError("malformed value: too many parts")
        found: dict[Any, Any] = {}
        for _ in range(count):
            key = self.read(depth - 1)
            if not _is_key(key):
                raise ProtocolError("malformed value: a key of this kind")
            found[key] = self.read(depth - 1)
        return found

    def _dtype(self) -> np.dtype[Any]:
        name = str(self.sized(), "ascii")
        # A plain dtype is a byte order, a kind and a size; anything else never reaches numpy's own parser.
        if not (2 < len(name) <= 12 and name[0] in "<|" and name[1] in PLAIN_KINDS and name[2:].isdecimal()):
            raise ProtocolError("malformed value: no plain dtype")
        dtype = np.dtype(name)
        if dtype.itemsize == 0:
            raise ProtocolError("malformed value: a dtype of no size")
        return dtype

    def _array(self) -> np.ndarray:
        dtype = self._dtype()
        dimensions = int(self.take(1)[0])
        if dimensions > MAX_DIMENSIONS:
            raise ProtocolError("malformed value: too many dimensions")
        shape = tuple(int(_U64.unpack(self.take(8))[0]) for _ in range(dimensions))
        data = self.take(math.prod(shape) * dtype.itemsize)
        return _elements(data, dtype).reshape(shape)

    def _scalar(self) -> np.generic:
        dtype = self._dtype()
        data = self.sized()
        if len(data) != dtype.itemsize:
            raise ProtocolError("malformed value: a scalar of this size")
        scalar: np.generic = _elements(data, dtype)[0]
        return scalar

    def _keras(self, depth: int) -> KerasValue:
        kind, config, weights, facts = (self.read(depth - 1) for _ in range(4))
        well_formed = (
            isinstance(kind, str)
            and kind in KERAS_KINDS
            and isinstance(config, dict)
            and isinstance(weights, tuple)
            and all(isinstance(array, np.ndarray) for array in weights)
            and isinstance(facts, dict)
        )
        if not well_formed:
            raise ProtocolError("malformed value: no Keras object")
        return KerasValue(kind, config, weights, facts)
