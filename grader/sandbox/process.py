"""A child process seen from the grader: it is asked, watched, limited from outside, and killed.

Two kinds of child exist, a fork of the warm process and a plain subprocess; `Handle` is what they have in common.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from dataclasses import dataclass
from typing import Any, Final, Protocol

from grader.errors import AnswerError, LimitError, ProtocolError, SandboxError, SubjectDied
from grader.language import Text, _
from grader.protocol.frames import REQUEST_BYTES, Channel, Closed, Kind
from grader.protocol.values import decode, encode
from grader.records import Limits, Usage
from grader.sandbox.exceeding import beyond, beyond_cpu_time, beyond_memory, human_size, refused_by_kernel

__all__ = ["Ended", "Handle", "Process", "Seen", "human_size"]

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
    out_of_memory: bool = False
    """Whether the kernel killed it for that."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a child uses now, as seen from outside; 0 where that cannot be told. Memory is above what it began with."""

    resident_bytes: int = 0
    cpu_seconds: float = 0.0
    threads: int = 0
    scratch_is_full: bool = False


class Handle(Protocol):
    """How the grader reaches the child behind a `Process`."""

    def kill(self) -> None:
        """End it at once. A second call does nothing."""

    def wait_for_end(self, seconds: float) -> bool:
        """Whether it has ended, or ends within so many seconds."""

    def reap(self) -> Ended:
        """Wait for its end, and tell how it was."""

    def seen(self) -> Seen:
        """What it uses now."""


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
        self._cpu_seconds = 0.0
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
            self._expect_silence()
            payload = encode(request, limit=REQUEST_BYTES)
            self._channel.send(self._number, Kind.ASK, payload, deadline=deadline)
            frame = self._channel.receive(
                limit=answer_bytes or self._limits.answer_bytes, deadline=deadline, tick=self._check_limits
            )
            if frame.number != self._number or frame.kind is Kind.ASK:
                raise ProtocolError(_("The submission wrote to the grader's channel."))
            self._check_limits()
            return frame.kind, self._judged(frame.kind, decode(frame.payload))
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

    def _expect_silence(self) -> None:
        """Raises ProtocolError where something was sent unasked, and Closed where the process has ended."""
        if self._channel.pending():
            try:
                told = self._channel.socket.recv(1, socket.MSG_PEEK)
            except OSError as error:
                raise Closed(str(error)) from None
            if not told:
                raise Closed("end of stream")
            raise ProtocolError(_("The submission wrote to the grader's channel."))

    def _judged(self, kind: Kind, value: Any) -> Any:
        """The value of an answer. Raises LimitError where it tells of a limit that the kernel has enforced."""
        exceeded = refused_by_kernel(value, self._limits) if kind is Kind.RAISED else None
        if exceeded is not None:
            raise exceeded
        return value

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
        """Raises SandboxError where nobody can tell how it ended; everything is closed then too."""
        with contextlib.suppress(LimitError):
            self._drain()
        self._channel.close()
        ended = Ended(0, self._cpu_seconds, 0)
        try:
            ended = self._handle.reap()
        finally:
            os.close(self._output)
            self.usage = Usage(
                wall_seconds=time.monotonic() - self._started,
                cpu_seconds=ended.cpu_seconds,
                peak_memory_bytes=max(ended.peak_bytes, self._peak_bytes),
            )
        return ended

    def _check_limits(self) -> None:
        self._drain()
        seen = self._handle.seen()
        self._peak_bytes = max(self._peak_bytes, seen.resident_bytes)
        self._cpu_seconds = max(self._cpu_seconds, seen.cpu_seconds)
        exceeded = beyond(
            self._limits,
            resident_bytes=seen.resident_bytes,
            cpu_seconds=seen.cpu_seconds,
            threads=seen.threads,
            scratch_is_full=seen.scratch_is_full,
        )
        if exceeded is not None:
            raise exceeded

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
        ended = self._end()
        if ended.out_of_memory:
            return beyond_memory(self._limits)
        if -ended.status == _SIGXCPU or (-ended.status == _SIGKILL and self._used_up_its_time()):
            return beyond_cpu_time(self._limits)
        hint = _("Look for `exit()`, `quit()`, `sys.exit()` and `os._exit()`, and take them out.")
        return SubjectDied(_how_it_died(ended.status), hint=hint if ended.status >= 0 else None)

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
