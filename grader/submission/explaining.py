"""What a syntax error means, in words for someone who is learning; Python's own words where there are none here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from grader.language import Text, _
from grader.submission.decoding import Fault
from grader.submission.wording import printable, snippet

MESSAGE_LENGTH = 160

_CONFLICT_START = re.compile(r"^<{7}(?: |$)", re.MULTILINE)
_CONFLICT_END = re.compile(r"^>{7}(?: |$)", re.MULTILINE)
_HEADER = re.compile(r"\s*(?:if|elif|else|for|while|try|except|finally|with|def|class|async|match|case)\b(?!\s*=)")
_LOOKALIKES = {
    **dict.fromkeys("“”„‟«»″＂", '"'),  # noqa: RUF001 - these characters are the point
    **dict.fromkeys("‘’‚‛′", "'"),  # noqa: RUF001 - likewise
    **dict.fromkeys("‐‑‒–—―−", "-"),  # noqa: RUF001 - likewise
    "×": "*",  # noqa: RUF001 - likewise
    "÷": "/",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "。": ".",
    "、": ",",
    "【": "[",
    "】": "]",
}


def conflict(source: str) -> Fault | None:
    """The fault of a merge conflict that was left in `source`, if there is one."""
    start, end = _CONFLICT_START.search(source), _CONFLICT_END.search(source)
    if start is None or end is None:
        return None
    return Fault(
        message=_(
            "A merge conflict of git was left here. Keep one of the two versions, and delete the lines that start "
            "with <<<<<<<, ======= and >>>>>>>."
        ),
        line=source.count("\n", 0, start.start()) + 1,
    )


def explain(error: SyntaxError, source: str) -> Fault:
    """`error`, which Python raised for `source`, with the place where it shows."""
    lines = source.split("\n")
    line = min(max(error.lineno or 1, 1), len(lines))
    # Python counts the column from 1, and gives 0 or less where it means no place in the line.
    column = error.offset if error.offset is not None and 1 <= error.offset <= len(lines[line - 1]) + 1 else None
    return Fault(message=_meaning(error.msg, lines[line - 1]), line=line, column=column)


def _meaning(python: str, line: str) -> Text:
    for pattern, tell in _KNOWN:
        found = re.match(pattern, python)
        if found:
            return tell(found)
    if python.startswith("invalid syntax") and _HEADER.match(line) and ":" not in line:
        return _missing_colon()
    own_words = python if len(python) <= MESSAGE_LENGTH else python[:MESSAGE_LENGTH] + "…"
    return _("Python cannot read this line: {reason}.", reason=printable(own_words))


def _missing_colon() -> Text:
    return _("A colon (:) is missing at the end of the first part of this statement.")


def _wrong_character(found: re.Match[str]) -> Text:
    character = chr(int(found["code"], 16))
    meant = _LOOKALIKES.get(character) or unicodedata.normalize("NFKC", character)
    if meant.isspace() or unicodedata.category(character) in {"Cf", "Zs"}:
        return _(
            "There is an invisible character ({code}) in this line, often from copied text. Delete the spaces here "
            "and type them again.",
            code="U+" + found["code"],
        )
    if meant.isascii() and meant.isprintable():
        return _(
            "{character} ({code}) is not a character of Python. Type {meant} instead, on an English keyboard.",
            character=printable(character),
            code="U+" + found["code"],
            meant=meant,
        )
    return _(
        "{character} ({code}) is not a character of Python. Delete it or put it in quotes.",
        character=printable(character),
        code="U+" + found["code"],
    )


# Python's words, and what they mean. Patterns match at the start; the first that does counts. The words are those of
# CPython 3.11 to 3.13; other words fall back to Python's own message.
_KNOWN: tuple[tuple[str, Callable[[re.Match[str]], Text]], ...] = (
    (r"invalid (?:non-printable )?character .*?U\+(?P<code>[0-9A-F]+)", _wrong_character),
    (r"expected ':'", lambda _found: _missing_colon()),
    (
        r"'(?P<bracket>[(\[{])' was never closed",
        lambda found: _("The bracket {bracket} that opens here is never closed.", bracket=found["bracket"]),
    ),
    (
        r"(?:f-string: )?unmatched '(?P<bracket>[)\]}])'",
        lambda found: _("The bracket {bracket} closes nothing: none is open here.", bracket=found["bracket"]),
    ),
    (
        r"(?:f-string: )?closing parenthesis '(?P<closing>.)' does not match opening parenthesis '(?P<opening>.)'",
        lambda found: _(
            "The bracket {closing} does not fit {opening}, the bracket that is open here.",
            closing=found["closing"],
            opening=found["opening"],
        ),
    ),
    (
        r"expected an indented block(?: after .* on line (?P<line>\d+))?",
        lambda found: (
            _(
                "Line {line} has nothing under it. Indent what belongs to it by four spaces.",
                line=int(found["line"]),
            )
            if found["line"]
            else _("What belongs to the line before must be indented by four spaces.")
        ),
    ),
    (
        r"unexpected indent",
        lambda _found: _("This line is indented further than the line before it, and nothing there asks for it."),
    ),
    (
        r"unindent does not match",
        lambda _found: _("This line is indented by another number of spaces than the lines that it belongs to."),
    ),
    (
        r"inconsistent use of tabs",
        lambda _found: _("Tabs and spaces are mixed in the indentation. Use four spaces for each step everywhere."),
    ),
    (
        r"unterminated triple-quoted",
        lambda _found: _("The text that opens here with three quotes is never closed with three quotes."),
    ),
    (
        r"(?:unterminated (?:f-)?string literal|EOL while scanning)",
        lambda _found: _("The text that opens with a quote here has no closing quote on the same line."),
    ),
    (
        r"invalid syntax\. Maybe you meant '==' or ':='",
        lambda _found: _("A single = gives a name its value. To compare two values, write ==."),
    ),
    (
        r"invalid syntax\. Perhaps you forgot a comma",
        lambda _found: _("Python cannot read this part. Perhaps a comma is missing between two values."),
    ),
    (
        r"Missing parentheses in call to '(?P<name>\w+)'",
        lambda found: _("{name} needs parentheses around what it is given: {name}(...).", name=found["name"]),
    ),
    (
        r"'(?P<word>return|yield|await)' outside (?:async )?function",
        lambda found: _(
            "This {word} stands outside a function. Indent it, so that it belongs to the function above it.",
            word=found["word"],
        ),
    ),
    (
        r"expected 'except' or 'finally' block",
        lambda _found: _("A try needs an except or a finally at the same indentation after it."),
    ),
    (
        r"positional argument follows keyword argument",
        lambda _found: _("Arguments with a name (name=value) must come after those without one."),
    ),
    (
        r"keyword argument repeated(?:: (?P<name>\w+))?",
        lambda found: _("The argument {name} is given twice in this call.", name=snippet(found["name"] or "…")),
    ),
)
