"""Frames on a stream socket: a header of fixed size, then at most as many bytes as the reader allows.

u32 length of the payload | u32 number of the request | u8 kind | payload
"""

from __future__ import annotations

import enum
import select
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from grader.errors import ProtocolError

_HEADER: Final = struct.Struct("<IIB")
_CHUNK: Final = 256 * 1024
REQUEST_BYTES: Final = 512 * 1024**2
"""The longest question; the largest is the data of a course, handed to the process that trains."""
TICK_SECONDS: Final = 0.02
"""How often a waiting reader looks up from the channel, to enforce limits that the kernel does not."""


class Kind(enum.IntEnum):
    """What a frame is. A subject may send only the last two."""

    ASK = 1
    ANSWER = 2
    RAISED = 3


class Closed(Exception):  # noqa: N818 - the end of a stream is not an error of the protocol
    """The other side closed the channel, or died."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: the number of the request that it asks or answers, its kind, and its payload."""

    number: int
    kind: Kind
    payload: bytearray


class Channel:
    """A stream socket that carries frames. Whoever made the socket closes it, through `close`."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection

    def fileno(self) -> int:
        """The descriptor, for `select`."""
        return self.socket.fileno()

    def close(self) -> None:
        """Close the socket; a second call does nothing."""
        self.socket.close()

    def send(self, number: int, kind: Kind, payload: bytes, *, deadline: float | None = None) -> None:
        """Send one frame. `deadline` is a time of `time.monotonic`.

        Raises TimeoutError past the deadline, and Closed when nobody reads any more.
        """
        data = memoryview(_HEADER.pack(len(payload), number, kind) + payload)
        self.socket.settimeout(None if deadline is None else max(deadline - time.monotonic(), 0.001))
        try:
            self.socket.sendall(data)
        except TimeoutError:
            raise
        except OSError as error:
            raise Closed(str(error)) from None

    def receive(self, *, limit: int, deadline: float | None = None, tick: Callable[[], None] | None = None) -> Frame:
        """Read one frame with a payload of at most `limit` bytes.

        `tick` is called every `TICK_SECONDS` while waiting, and may raise. Raises ProtocolError for a frame that is
        too long or of no known kind, TimeoutError past `deadline`, and Closed at the end of the stream.
        """
        header = self._read(_HEADER.size, deadline, tick)
        length, number, kind = _HEADER.unpack(header)
        if length > limit:
            raise ProtocolError(f"a frame of {length} bytes, where {limit} are allowed")
        if kind not in Kind._value2member_map_:
            raise ProtocolError("a frame of no known kind")
        return Frame(number, Kind(kind), self._read(length, deadline, tick))

    def pending(self) -> bool:
        """Whether bytes wait to be read that nobody asked for."""
        return bool(select.select([self.socket], [], [], 0)[0])

    def _read(self, size: int, deadline: float | None, tick: Callable[[], None] | None) -> bytearray:
        data = bytearray()
        while len(data) < size:
            wait = TICK_SECONDS if tick is not None else None
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                wait = left if wait is None else min(wait, left)
            if not select.select([self.socket], [], [], wait)[0]:
                if tick is not None:
                    tick()
                continue
            # The buffer grows with what arrives, never with what a header claims.
            try:
                part = self.socket.recv(min(_CHUNK, size - len(data)))
            except OSError as error:
                raise Closed(str(error)) from None
            if not part:
                raise Closed("end of stream")
            data += part
        return data
