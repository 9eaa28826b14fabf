"""Reports as Markdown, for a comment on a pull request or the summary of a job. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from grader.language import Translator, _
from grader.records import CheckReport, Outcome, Report
from grader.report.absent import NoSubmission
from grader.report.escaping import clip, terminal_safe
from grader.report.feedback import APOLOGY, failed_itself
from grader.report.grouping import group_checks
from grader.report.places import place
from grader.report.words import OUTCOMES, VERDICTS, number

COMMENT_BYTES: Final = 65_536
"""What GitHub takes as one comment, counted in bytes to be on the safe side of every counting."""
_TEXT: Final = 1500
"""Characters of one message, expected or observed value."""
_NOTES: Final = 20
_SIGNS: Final = {
    Outcome.PASSED: "✅",
    Outcome.FAILED: "❌",
    Outcome.TIMED_OUT: "⏱️",
    Outcome.SKIPPED: "⏭️",
    Outcome.ERRORED: "⚠️",
    Outcome.NOT_RUN: "⬜",
}
_SPECIAL: Final = re.compile(
    r"[\\`*\[\]|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=[\w+-]+:)|^[-+#=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]"
)
"""What is markup anywhere, and what is at the beginning of a line."""
_ACTIVE: Final = re.compile(r"@|(?<=\w)://|(?i:\bwww)\.|#(?=\d)|(?i:\bgh)-(?=\d)")
"""What GitHub turns into mentions, links and references wherever it stands in a text."""
_CODE: Final = re.compile(r"(?<![`$])`([^`$|\n]{1,300})`(?![`$])")
"""Code between single backticks; a dollar beside or among them could begin a formula, a bar a cell of a table."""
_JOINER: Final = "\u2060"
"""Shows nothing and joins nothing to a mention or a link."""


def markdown_page(entries: Sequence[Report | NoSubmission], translator: Translator, *, limit: int) -> str:
    """The text of `grader.report.render_markdown`."""
    blocks = (block for entry in entries for block in _entry(entry, translator))
    rest = translator.render(_("The rest is left out here, since it would be too long."))
    room = limit - len(f"\n\n{rest}\n".encode())
    kept: list[str] = []
    for block in blocks:
        room -= len(block.encode()) + 2
        if room < 0:
            kept.append(rest)
            break
        kept.append(block)
    text = "\n\n".join(kept) + "\n"
    return text if len(text.encode()) <= limit else ""


def inline(text: str, characters: int = _TEXT) -> str:
    """Foreign text for the inside of a paragraph: nothing in it is markup, a link, a mention or HTML."""
    return _escaped(_flat(text, characters))


def prose(text: str, characters: int = _TEXT) -> str:
    """The same of a sentence, in which what stands between two backticks is code: nothing in that is markup either.

    Not where GitHub might make more of it than code. Not for the inside of a table.
    """
    flat = _flat(text, characters)
    pieces, start = [], 0
    for found in _CODE.finditer(flat):
        if _ACTIVE.search(found[1]) is None:
            pieces += [_escaped(flat[start : found.start()]), found[0]]
            start = found.end()
    return "".join([*pieces, _escaped(flat[start:])])


def fenced(text: str, characters: int = _TEXT) -> str:
    """Foreign text as a block of code, whatever backticks are in it."""
    safe = terminal_safe(clip(text, characters), lines=True)
    longest = max((len(run) for run in re.findall(r"`+", safe)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{safe}\n{fence}"


def _flat(text: str, characters: int) -> str:
    return " ".join(terminal_safe(clip(text, characters), lines=True).split())


def _escaped(flat: str) -> str:
    broken = _ACTIVE.sub(_defused, flat)
    escaped = _SPECIAL.sub(r"\\\g<0>", broken)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _defused(match: re.Match[str]) -> str:
    found = match[0]
    return found[0] + _JOINER + found[1:] if found in {"@", "://", "#"} else found[:-1] + _JOINER + found[-1]


def _entry(entry: Report | NoSubmission, translator: Translator) -> Iterator[str]:
    if isinstance(entry, NoSubmission):
        reason = translator.render(_("no file") if entry.reason is None else entry.reason)
        yield f"## {inline(entry.exercise)} · {inline(entry.title)}"
        yield inline(reason)
    else:
        yield from _report(entry, translator)


def _report(report: Report, translator: Translator) -> Iterator[str]:
    render = translator.render
    yield f"## {inline(report.exercise)} · {inline(report.title)}"
    yield _summary(report, translator)
    if failed_itself(report):
        yield inline(render(APOLOGY))
    elif report.next_step:
        yield f"**{prose(report.next_step)}**"
    yield _table(report, translator)
    told: set[tuple[str | None, ...]] = set()
    for check in report.checks:
        reason = (check.message, check.expected, check.observed, check.hint)
        if check.outcome is Outcome.PASSED or (reason in told and any(reason)):
            continue
        told.add(reason)
        yield _explanation(check, translator)
    if report.notes:
        notes = "\n".join(f"- {prose(note)}" for note in report.notes[:_NOTES])
        yield f"**{inline(render(_('Notes')))}**\n\n{notes}"


def _summary(report: Report, translator: Translator) -> str:
    passed = sum(check.outcome is Outcome.PASSED for check in report.checks)
    parts = [f"**{inline(translator.render(VERDICTS[report.verdict]))}**"]
    if report.score is not None:
        sentence = _(
            "{earned} of {possible} points", earned=number(report.score.earned), possible=number(report.score.possible)
        )
        parts.append(f"**{inline(translator.render(sentence))}**")
    checks = translator.render(_("{passed} of {count} checks passed", passed=passed, count=len(report.checks)))
    return " · ".join([*parts, inline(checks), f"{inline(report.submission.path, 200)}"])


def _table(report: Report, translator: Translator) -> str:
    head = " | ".join(inline(translator.render(text)) for text in (_("Function"), _("Checks"), _("Points")))
    rows = [
        f"| {_SIGNS[group.worst]} {inline(group.function, 100)} | {group.passed} / {len(group.checks)} "
        f"| {number(group.earned)} / {number(group.possible)} |"
        for group in group_checks(report)
    ]
    return "\n".join([f"| {head} |", "| --- | ---: | ---: |", *rows])


def _explanation(check: CheckReport, translator: Translator) -> str:
    outcome = inline(translator.render(OUTCOMES[check.outcome]))
    lines = [f"### {_SIGNS[check.outcome]} {inline(check.function, 100)}: {prose(check.title, 300)} ({outcome})"]
    if check.message:
        lines.append(prose(check.message))
    if check.location is not None:
        lines.append(inline(translator.render(place(check.location)), 300))
    for word, value in ((_("Expected"), check.expected), (_("Found"), check.observed)):
        if value:
            lines.append(f"{inline(translator.render(word))}:\n\n{fenced(value)}")
    if check.hint:
        lines.append(f"> {prose(check.hint)}")
    return "\n\n".join(lines)
