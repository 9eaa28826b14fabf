"""What travels between the batch and its checkers: submissions as bytes, and reports as JSON. No object, no path."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

from grader.batch.choosing import BYTES, HELPERS
from grader.batch.names import split_suffix
from grader.batch.records import FileEntry, Handed
from grader.errors import SubmissionError
from grader.records import Record
from grader.submission.files import MODULE_BYTES

Failure = Literal["usage", "submission", "confinement", "grader"]


class Source(Record, frozen=True, kw_only=True):
    """A submission's bytes: the file, under the name that its report shows, and the modules beside it by name."""

    name: str
    content: bytes
    helpers: dict[str, bytes]

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
    sandbox: Literal["auto", "required", "off"]
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


def read_source(handed: Handed) -> Source:
    """The bytes of a submission and of those modules beside it whose name stands in it. Raises SubmissionError."""
    content = handed.main.reader(BYTES[split_suffix(handed.main.name)[1]])
    helpers: dict[str, bytes] = {}
    waiting = [content]
    left = {split_suffix(file.name)[0]: file for file in handed.helpers}
    while waiting and left and len(helpers) < HELPERS:
        text = waiting.pop()
        for stem in [stem for stem in left if stem.encode() in text]:
            module = _bytes_of(left.pop(stem))
            if module is not None:
                helpers[f"{stem}.py"] = module
                waiting.append(module)
    return Source(name=handed.main.name, content=content, helpers=helpers)


def _bytes_of(helper: FileEntry) -> bytes | None:
    """None for a module that cannot be read, which is then as if it were not there."""
    try:
        return helper.reader(MODULE_BYTES)
    except SubmissionError:
        return None
