"""What the kernel and the process that grades for it say to each other: JSON, a line each."""

from __future__ import annotations

from typing import Final

import msgspec

from grader.records import Record

LINE_BYTES: Final = 256 * 1024**2


class Asked(Record, frozen=True, kw_only=True):
    """What is to be graded: the session's cells as a notebook, in the folder where the kernel is.

    With `help` nothing is graded: the next step of help with the last run is asked for, with `function` if it is named.
    """

    exercise: str
    content: bytes
    folder: str
    course: str | None = None
    language: str | None = None
    sandbox: str = "auto"
    verbose: bool = False
    help: bool = False
    function: str | None = None


class Told(Record, frozen=True, kw_only=True):
    """What comes back: a step while it goes on; at the end `text` and `html`, or `refused` with a sentence.

    `page` is the whole report as a page, and `label` what is to be clicked on to see it.
    """

    step: str | None = None
    text: str | None = None
    html: str | None = None
    page: str | None = None
    label: str = ""
    refused: str | None = None


def encoded(message: Asked | Told) -> bytes:
    """One line."""
    return msgspec.json.encode(message) + b"\n"
