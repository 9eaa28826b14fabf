"""What travels from the job that reads a request to the one that grades it: files as data, and what was left out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, Literal

import msgspec

from grader.ci.changes import Ignored
from grader.errors import UsageError
from grader.language import _
from grader.records import Record

FORMAT: Final = "grade-collected/1"
COLLECTED_BYTES: Final = 256 * 1024**2
"""Most bytes of a file of collected submissions that is read."""
_SHA: Final = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_NAME: Final = re.compile(r"[^/\\\0]{1,255}")


class SubmittedFile(Record, frozen=True, kw_only=True):
    """What a request hands in for one exercise.

    `path` is where its file lies in the repository, `files` the bytes of it and of the modules beside it by name.
    `reason` says why there is nothing to grade, and `files` is empty then.
    """

    exercise: str
    path: str
    files: dict[str, bytes]
    reason: str | None = None


class Collected(Record, frozen=True, kw_only=True):
    """The submissions of a request, and the changes that have no effect on the score. `number` is the request's own."""

    format: Literal["grade-collected/1"] = FORMAT
    base: str
    head: str
    number: int | None
    submissions: tuple[SubmittedFile, ...]
    ignored: tuple[Ignored, ...]
    notices: tuple[str, ...] = ()


def read_collected(file: Path) -> Collected:
    """The submissions in a file that another job has written, which is as hostile as they are. Raises UsageError."""
    try:
        if file.stat().st_size > COLLECTED_BYTES:
            raise UsageError(_("{file} is too large for collected submissions.", file=str(file)))
        found = msgspec.json.decode(file.read_bytes(), type=Collected)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            _("{file} holds no collected submissions: {reason}.", file=str(file), reason=str(error))
        ) from error
    if not (_SHA.fullmatch(found.base) and _SHA.fullmatch(found.head)):
        raise UsageError(_("{file} does not name the commits that it is of.", file=str(file)))
    for submission in found.submissions:
        for name in submission.files:
            if not _NAME.fullmatch(name) or name in {".", ".."}:
                raise UsageError(_("{file} holds a file with a name that no file can have.", file=str(file)))
    return found
