"""Which limit a subject has exceeded, in words that name the limit."""

from __future__ import annotations

from typing import Any, Final

from grader.errors import LimitError
from grader.language import _
from grader.records import Limits

SCRATCH_BYTES: Final = 256 * 1024**2
"""The most that all files in the scratch folder may take together."""
SCRATCH_FILES: Final = 10_000
"""The most files and folders in the scratch folder."""
THREADS: Final = 512
"""The most threads of one subject, and where it can start processes, of all of them."""


def beyond(
    limits: Limits, *, resident_bytes: int, cpu_seconds: float, threads: int, scratch_is_full: bool
) -> LimitError | None:
    """The limit that is exceeded by a subject which uses so much, or None."""
    if resident_bytes > limits.memory_bytes:
        return beyond_memory(limits)
    if cpu_seconds > limits.cpu_seconds:
        return beyond_cpu_time(limits)
    if threads > THREADS:
        return LimitError(
            _("It started more threads than the limit of {count}.", count=THREADS),
            timed_out=False,
            hint=_("Let each thread end before the next begins, or use none."),
        )
    return _beyond_scratch() if scratch_is_full else None


def refused_by_kernel(facts: Any, limits: Limits) -> LimitError | None:
    """The limit that the kernel has refused to exceed, where that is what a subject's exception tells, or None."""
    match facts.get("limit") if isinstance(facts, dict) else None:
        case "open_files":
            return LimitError(
                _("It opened more files at one time than the limit of {count}.", count=limits.open_files),
                timed_out=False,
                hint=_("Close each file after its use; `with open(...)` does so by itself."),
            )
        case "file_bytes":
            return LimitError(
                _("It wrote a file larger than the limit of {size}.", size=human_size(limits.file_bytes)),
                timed_out=False,
                hint=_("Write less, or nothing: files that a function writes are not looked at."),
            )
        case "scratch":
            return _beyond_scratch()
        case _:
            return None


def beyond_memory(limits: Limits) -> LimitError:
    """More memory than the limit was used."""
    return LimitError(
        _("It used more memory than the limit of {size}.", size=human_size(limits.memory_bytes)),
        timed_out=False,
        hint=_("Look for an array that grows, or one with far more elements than the data has."),
    )


def beyond_cpu_time(limits: Limits) -> LimitError:
    """More processor time than the limit was used."""
    return LimitError(
        _("It used more processor time than the limit of {seconds:g} seconds.", seconds=limits.cpu_seconds),
        timed_out=True,
        hint=_("Look for a loop that never ends, or for work that one call need not do."),
    )


def _beyond_scratch() -> LimitError:
    return LimitError(
        _(
            "The files that it wrote exceed the limit of {size} together, or of {count} files.",
            size=human_size(SCRATCH_BYTES),
            count=SCRATCH_FILES,
        ),
        timed_out=False,
        hint=_("Write less, or nothing: files that a function writes are not looked at."),
    )


def human_size(size: int) -> str:
    """`size` in bytes as a short text, such as "2 GB" (powers of 1024)."""
    value, unit = float(size), "bytes"
    for larger in ("KB", "MB", "GB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return f"{value:g} {unit}" if value == int(value) else f"{value:.1f} {unit}"
