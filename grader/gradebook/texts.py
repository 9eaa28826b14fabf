"""Foreign texts as every database takes them: no NUL, no half characters, and no key too long for an index."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Final

import msgspec

from grader.records import Report

LONGEST_ID: Final = 200
_REFUSED: Final = re.compile("[\x00\ud800-\udfff]")
_HASH_CHARACTERS: Final = 16


def stored_text(text: str) -> str:
    r"""`text` with NUL (which PostgreSQL refuses) and lone surrogates (which UTF-8 does) as `\x00`, `\udc80`."""
    return _REFUSED.sub(lambda match: rf"\u{ord(match[0]):04x}" if ord(match[0]) else r"\x00", text)


def stored_id(student: str) -> str:
    """A student's id as it is stored: at most 200 characters, of which the last tell longer ones apart.

    Raises ValueError for an empty one.
    """
    if not student:
        raise ValueError("a student without an id")
    text = stored_text(student)
    if len(text) <= LONGEST_ID:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:_HASH_CHARACTERS]
    return f"{text[: LONGEST_ID - len(digest) - 1]}~{digest}"


def stored_report(report: Report) -> str:
    """`report` as JSON on one line, which `msgspec.json.decode` reads as a `Report` again."""
    try:
        return msgspec.json.encode(report).decode()
    except UnicodeEncodeError:
        written = json.dumps(msgspec.to_builtins(report), ensure_ascii=False)
        return re.sub("[\ud800-\udfff]", lambda match: rf"\\u{ord(match[0]):04x}", written)
