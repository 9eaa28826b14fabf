"""What happens during one check besides its outcome: what the student printed, warnings, measured numbers."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from grader.checking.calls import Call
from grader.records import Metric

PRINTED_LIMIT: Final = 4000
"""Characters kept of what a student's code printed during one check."""
WARNINGS_LIMIT: Final = 10
WARNING_LENGTH: Final = 300


@dataclass(slots=True)
class Recorder:
    """Collects for one check, up to the limits above."""

    printed: str = ""
    warnings: list[str] = field(default_factory=list)
    metrics: list[Metric] = field(default_factory=list)

    def note(self, call: Call) -> None:
        """Keep what `call` printed and warned; each warning once."""
        self.printed = (self.printed + call.printed)[:PRINTED_LIMIT]
        for warning in call.warnings:
            short = warning[:WARNING_LENGTH]
            if short not in self.warnings and len(self.warnings) < WARNINGS_LIMIT:
                self.warnings.append(short)


_current: ContextVar[Recorder | None] = ContextVar("recorder", default=None)


@contextlib.contextmanager
def recording(recorder: Recorder | None = None) -> Iterator[None]:
    """Make `recorder` the one that the expectations write to; afterwards it is the one from before."""
    token = _current.set(recorder)
    try:
        yield
    finally:
        _current.reset(token)


def switch_to(recorder: Recorder) -> None:
    """Make `recorder` the current one, until the enclosing `recording` ends."""
    _current.set(recorder)


def note_call(call: Call) -> None:
    """Keep what `call` printed and warned with the current check."""
    recorder = _current.get()
    if recorder is not None:
        recorder.note(call)


def record_metric(name: str, split: str, value: float, threshold: float | None = None) -> None:
    """Keep a measured number with the current check, for the report; one that is not finite is no measurement."""
    recorder = _current.get()
    if recorder is not None and math.isfinite(value):
        recorder.metrics.append(Metric(name=name, split=split, value=float(value), threshold=threshold))
