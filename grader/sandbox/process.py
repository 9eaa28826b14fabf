"""A child process seen from the grader: it is asked, watched, limited from outside, and killed.

Two kinds of child exist, a fork of the warm process and a plain subprocess; `Handle` is what they have in common.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from dataclasses import dataclass
from typing import Any, Final, Protocol

from grader.errors import AnswerError, LimitError, ProtocolError, SandboxError, SubjectDied
from grader.language import Text, _
from grader.protocol import REQUEST_BYTES, Channel, Closed, Kind, decode, encode
from grader.records import Limits, Usage

_PAGE: Final = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_PRINTED_CHARACTERS: Final = 10_000
_DYING_SECONDS: Final = 0.5
_SIGXCPU: Final = 24
_SIGKILL: Final = 9
_CRASHES: Final = {4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 11: "SIGSEGV", 31: "SIGSYS"}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: `status` is the exit code, or minus the number of the signal that killed it."""

    status: int
    cpu_seconds: float
    peak_bytes: int


class Handle(Protocol):
    """How the grader reaches the child behind a `Process`."""

    def kill(self) -> None:
        """End it at once. A second call does nothing."""

    def wait_for_end(self, seconds: float) -> bool:
        """Whether it has ended, or ends within so many seconds."""

    def reap(self) -> Ended:
        """Wait for its end, and tell how it was."""

    def resident_bytes(self) -> int:
        """The memory that it uses now, above what it began with; 0 where that cannot be told."""


class Process:
    """A child that answers requests in frames, within limits."""

    def __init__(self, channel: Channel, output: int, handle: Handle, limits: Limits) -> None:
        self._channel = channel
        self._output = output
        self._handle = handle
        self._limits = limits
        self._number = 0
        self._printed = bytearray()
        self._printed_bytes = 0
        self._peak_bytes = 0
        self._started = time.monotonic()
        self.usage: Usage | None = None
        """What it used, once it has ended."""
        os.set_blocking(output, False)

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return self.usage is None

    def exchange(self, request: Any, *, seconds: float, answer_bytes: int | None = None) -> tuple[Kind, Any]:
        """Ask, and give the kind and the value of the answer.

        Raises LimitError, SubjectDied or ProtocolError; the process has ended then.
        """
        if not self.alive:
            raise SandboxError(_("A process that has ended was asked."))
        deadline = time.monotonic() + seconds
        self._number += 1
        try:
            if self._channel.pending():
                raise ProtocolError(_("The submission wrote to the grader's channel."))
            payload = encode(request, limit=REQUEST_BYTES)
            self._channel.send(self._number, Kind.ASK, payload, deadline=deadline)
            frame = self._channel.receive(
                limit=answer_bytes or self._limits.answer_bytes, deadline=deadline, tick=self._check_limits
            )
            if frame.number != self._number or frame.kind is Kind.ASK:
                raise ProtocolError(_("The submission wrote to the grader's channel."))
            self._check_limits()
            return frame.kind, decode(frame.payload)
        except TimeoutError:
            self.kill()
            raise LimitError(
                _("It took longer than the limit of {seconds:g} seconds.", seconds=seconds),
                timed_out=True,
                hint=_("Look for a loop that never ends, or for work that one call need not do."),
            ) from None
        except Closed:
            raise self._death() from None
        except (LimitError, ProtocolError):
            self.kill()
            raise

    def ask(self, request: Any, *, seconds: float, answer_bytes: int | None = None) -> Any:
        """Ask, and give the value of the answer. Raises as `exchange`, and AnswerError for anything but an answer."""
        kind, value = self.exchange(request, seconds=seconds, answer_bytes=answer_bytes)
        if kind is not Kind.ANSWER:
            raise AnswerError(str(value))
        return value

    def take_printed(self) -> str:
        """What it has written to its standard streams since the last call, cut to a length worth showing."""
        if self.alive:
            with contextlib.suppress(LimitError):
                self._drain()
        text = bytes(self._printed).decode("utf-8", "replace")
        self._printed.clear()
        return text

    def kill(self) -> None:
        """End it, and know what it used. A second call does nothing."""
        if self.alive:
            self._handle.kill()
            self._end()

    def _end(self) -> Ended:
        with contextlib.suppress(LimitError):
            self._drain()
        self._channel.close()
        ended = self._handle.reap()
        os.close(self._output)
        self.usage = Usage(
            wall_seconds=time.monotonic() - self._started,
            cpu_seconds=ended.cpu_seconds,
            peak_memory_bytes=max(ended.peak_bytes, self._peak_bytes),
        )
        return ended

    def _check_limits(self) -> None:
        self._drain()
        resident = self._handle.resident_bytes()
        self._peak_bytes = max(self._peak_bytes, resident)
        if resident > self._limits.memory_bytes:
            raise LimitError(
                _("It used more memory than the limit of {size}.", size=human_size(self._limits.memory_bytes)),
                timed_out=False,
                hint=_("Look for an array that grows, or one with far more elements than the data has."),
            )

    def _drain(self) -> None:
        while select.select([self._output], [], [], 0)[0]:
            try:
                data = os.read(self._output, 64 * 1024)
            except BlockingIOError:
                return
            if not data:
                return
            self._printed_bytes += len(data)
            self._printed += data[: max(0, _PRINTED_CHARACTERS - len(self._printed))]
            if self._printed_bytes > self._limits.output_bytes:
                raise LimitError(
                    _("It printed more than the limit of {size}.", size=human_size(self._limits.output_bytes)),
                    timed_out=False,
                    hint=_("Take the print calls out of the functions, or print less in each."),
                )

    def _death(self) -> LimitError | SubjectDied:
        # A process may close its channel and live on.
        if not self._handle.wait_for_end(_DYING_SECONDS):
            self._handle.kill()
        status = self._end().status
        if -status == _SIGXCPU or (-status == _SIGKILL and self._used_up_its_time()):
            return LimitError(
                _(
                    "It used more processor time than the limit of {seconds:g} seconds.",
                    seconds=self._limits.cpu_seconds,
                ),
                timed_out=True,
                hint=_("Look for a loop that never ends, or for work that one call need not do."),
            )
        return SubjectDied(_how_it_died(status))

    def _used_up_its_time(self) -> bool:
        return self.usage is not None and self.usage.cpu_seconds >= self._limits.cpu_seconds


def _how_it_died(status: int) -> Text:
    if status >= 0:
        return _("The submission ended the program (exit code {status}) instead of answering.", status=status)
    name = _CRASHES.get(-status)
    if name is None:
        with contextlib.suppress(ValueError):
            name = signal.Signals(-status).name
    return _("The submission crashed Python itself ({signal}).", signal=name or str(-status))


def human_size(size: int) -> str:
    """`size` in bytes as a short text, such as "2 GB" (powers of 1024)."""
    value, unit = float(size), "bytes"
    for larger in ("KB", "MB", "GB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return f"{value:g} {unit}" if value == int(value) else f"{value:.1f} {unit}"
