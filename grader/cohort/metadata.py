"""Reading what platforms put beside submissions: Gradescope's `submission_metadata.yml`, nbgrader's `timestamp.txt`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from grader.cohort.records import FileEntry, Owner
from grader.errors import SubmissionError
from grader.records import Record

METADATA_FILE: Final = "submission_metadata.yml"
METADATA_BYTES: Final = 200_000_000
"""Gradescope repeats every earlier outcome in it"""
TIMESTAMP_FILE: Final = "timestamp.txt"
_TIMESTAMP_BYTES: Final = 1000
_LINE: Final = re.compile(r"^(?P<indent> *)(?P<item>- +)?(?P<key>:?[A-Za-z_][\w ]*): *(?P<value>.*)$")
_QUOTED: Final = re.compile(r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*\"""")
_MOST_FOLDED: Final = 50
"""Lines of one value."""
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)(?:\.\d+)? *(Z|[+-]\d\d:?\d\d)?")


class Handing(Record, frozen=True, kw_only=True):
    """Whose a submission is, and when it was handed in, if the file says so."""

    owners: tuple[Owner, ...]
    handed_in: datetime | None


def read_timestamp(file: FileEntry) -> datetime | None:
    """When nbgrader took the submission in, by its own file beside it; None where that does not tell."""
    try:
        text = file.reader(_TIMESTAMP_BYTES).decode("utf-8", "replace").strip()
    except SubmissionError:
        return None
    match = _TIME.fullmatch(text.removesuffix("UTC").strip())
    return None if match is None else _time(match[0])


def read_metadata(text: str) -> dict[str, Handing]:
    """The submissions by the name of their folder, such as `submission_12345`.

    Only this file's own simple YAML is understood: a mapping of submissions, each with a list of submitters of one
    line for each field. What is not understood is passed over.
    """
    found: dict[str, Handing] = {}
    for name, lines in _blocks(text):
        owners: list[dict[str, str]] = []
        handed_in: datetime | None = None
        section, column = "", None
        top = min((len(match["indent"]) for match in lines if not match["item"]), default=0)
        for match in lines:
            key, value = match["key"].removeprefix(":"), _scalar(match["value"])
            if len(match["indent"]) == top and not match["item"]:
                section = key
                handed_in = _time(value) if key == "created_at" else handed_in
            elif section == "submitters":
                place = len(match["indent"]) + len(match["item"] or "")
                column = place if column is None else column
                if place != column:
                    continue  # what is further in is a value, which a student may have chosen
                if match["item"] or not owners:
                    owners.append({})
                if key in {"name", "sid", "email"}:
                    owners[-1].setdefault(key, value)
        students = tuple(_owner(owner) for owner in owners if any(owner.values()))
        found[name] = Handing(owners=students, handed_in=handed_in)
    return found


def _blocks(text: str) -> Iterator[tuple[str, list[re.Match[str]]]]:
    """Each submission's name with the lines below it that are a field."""
    name, lines = "", list[re.Match[str]]()
    for line in _unfolded(text.splitlines()):
        match = _LINE.match(line)
        if match is None:
            continue
        if not match["indent"] and not match["item"]:
            if name:
                yield name, lines
            name, lines = match["key"], []
        else:
            lines.append(match)
    if name:
        yield name, lines


def _unfolded(lines: list[str]) -> Iterator[str]:
    """The lines, with a quoted value that goes on below on one line: what is in it is no field, whatever it says."""
    position = 0
    while position < len(lines):
        line, position = lines[position], position + 1
        match = _LINE.match(line)
        value = "" if match is None else match["value"].strip()
        if value[:1] in {"'", '"'}:
            for end in range(position, min(position + _MOST_FOLDED, len(lines)) + 1):
                whole = " ".join([value, *(below.strip() for below in lines[position:end])])
                if _QUOTED.fullmatch(whole):
                    line, position = line[: line.index(value)] + whole, end
                    break
        yield line


def _owner(fields: dict[str, str]) -> Owner:
    name, sid, email = (fields.get(key, "") for key in ("name", "sid", "email"))
    return Owner(id=sid or email or name, name=name, email=email)


def _scalar(text: str) -> str:
    """The value of a scalar on one line; empty for null."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        return re.sub(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|.)", _escape, text[1:-1])
    return "" if text in {"~", "null", "nil"} else text


def _escape(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}.get(code, code)


def _time(text: str) -> datetime | None:
    match = _TIME.match(text)
    if match is None:
        return None
    try:
        moment = datetime.fromisoformat(match[1] + (match[2] or "Z").replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment.astimezone(UTC)
