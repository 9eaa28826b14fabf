"""What travels between a batch and its checkers: submissions as bytes, and reports as JSON. No object, no path."""

from __future__ import annotations

import hashlib
from typing import Final, Literal

import msgspec

from grader.records import Record, SandboxMode

MESSAGE_BYTES: Final = 512 * 1024**2
"""The longest message between a batch and a checker."""
Failure = Literal["usage", "submission", "confinement", "grader"]


class Source(Record, frozen=True, kw_only=True):
    """A submission's bytes: the file, under the name that its report shows, and the modules beside it by name."""

    name: str
    content: bytes
    helpers: dict[str, bytes]

    def identity(self) -> str:
        """The hash that tells an attempt from another: of the file, and of the modules beside it if it has any."""
        own = hashlib.sha256(self.content)
        if not self.helpers:
            return own.hexdigest()
        for name, content in sorted(self.helpers.items()):
            own.update(msgspec.json.encode([name, hashlib.sha256(content).hexdigest()]))
        return own.hexdigest()

    def digest(self) -> str:
        """The hash of everything that its report can depend on; hexadecimal."""
        parts = [
            (self.name, hashlib.sha256(self.content).hexdigest()),
            *((name, hashlib.sha256(content).hexdigest()) for name, content in sorted(self.helpers.items())),
        ]
        return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


class Job(Record, frozen=True, kw_only=True):
    """One submission to grade. `path` is what its report calls it."""

    key: str
    exercise: str
    path: str
    source: Source


class Setup(Record, frozen=True, kw_only=True):
    """What a checker is told first: the course's folder and how to grade. `time_limit` is seconds for each call."""

    course: str
    language: str
    sandbox: SandboxMode
    time_limit: float | None
    imports: tuple[str, ...]
    environment: dict[str, str]


class Done(Record, frozen=True, kw_only=True):
    """What came of a job: a report in JSON, or a sentence on why there is none and what kind of failure that is.

    `said` are sentences about the grader's own errors.
    """

    key: str
    report: bytes | None = None
    failure: Failure | None = None
    reason: str = ""
    said: tuple[str, ...] = ()
