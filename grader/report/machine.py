"""Reports as JSON, the schema of that JSON, and the way back."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.errors import UsageError
from grader.language import _
from grader.records import REPORT_FORMAT, Report

SCHEMA_FILE: Final = Path(__file__).with_name("grade-report-1.schema.json")
"""The schema as it ships with the package; what `schema` gives."""
SCHEMA_ID: Final = "urn:grader:grade-report:1"

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_UNSEEN: Final = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""What JSON lets pass as it is, but a terminal or a reader would obey or not see."""


class _Head(msgspec.Struct):
    format: str


def render_json(report: Report) -> str:
    r"""`report` as indented JSON with a newline at the end, keys in the order of the records.

    Text stays readable Unicode. Control, bidirectional and zero-width characters are written as `\u` escapes and so
    survive; a lone surrogate, which UTF-8 cannot hold, becomes the visible text `\udc80`.
    """
    return _render(report)


def render_json_list(reports: Sequence[Report]) -> str:
    """`reports` as one JSON list, each as `render_json` gives it."""
    return _render(list(reports))


def read_report(data: bytes) -> Report:
    """The report in `data`.

    Raises UsageError if `data` is no JSON, no report, or a report of another format, which is named.
    """
    try:
        found = msgspec.json.decode(data, type=_Head).format
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(_("This is not a grade report: {reason}.", reason=str(error))) from error
    if found != REPORT_FORMAT:
        raise UsageError(
            _(
                "The report is of format {found}; this grader reads {known} only. Grade again to get one.",
                found=found,
                known=REPORT_FORMAT,
            )
        )
    try:
        return msgspec.json.decode(data, type=Report)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(_("The report is damaged: {reason}.", reason=str(error))) from error


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of one report, from the records and their docstrings."""
    generated = msgspec.json.schema(Report)
    definitions = generated["$defs"]
    for definition in definitions.values():
        # Python 3.13 takes the indentation out of docstrings, and earlier ones do not.
        if "description" in definition:
            definition["description"] = inspect.cleandoc(definition["description"])
    report = definitions["Report"]
    # The records have a default for `format`, but no report is written, or read, without it.
    report["required"] = ["format", *report["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": REPORT_FORMAT,
        "description": report["description"],
        "$ref": generated["$ref"],
        "$defs": definitions,
    }


def render_schema() -> str:
    """`schema` as indented JSON with a newline at the end; the text of `SCHEMA_FILE`."""
    return _indented(msgspec.json.encode(schema()))


def _render(value: object) -> str:
    try:
        encoded = msgspec.json.encode(value)
    except UnicodeEncodeError:
        encoded = msgspec.json.encode(_without_surrogates(msgspec.to_builtins(value)))
    return _UNSEEN.sub(_escape, _indented(encoded))


def _indented(encoded: bytes) -> str:
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", value)
    if isinstance(value, dict):
        return {key: _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_surrogates(item) for item in value]
    return value


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[index]:02x}{units[index + 1]:02x}" for index in range(0, len(units), 2))
