"""Reports as annotations of a GitHub Actions job: workflow commands, one a line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from grader.language import Translator, _
from grader.records import CheckReport, Outcome, Report
from grader.report.absent import NoSubmission
from grader.report.feedback import check_text, plain
from grader.report.grouping import group_checks
from grader.report.places import path_of
from grader.report.words import VERDICTS, number

MOST: Final = 10
"""Annotations of one kind that GitHub shows for a step."""
_TEXT: Final = 2000
_TITLE: Final = 200
_KINDS: Final = {Outcome.FAILED: "error", Outcome.TIMED_OUT: "error", Outcome.ERRORED: "warning"}


def github_commands(entries: Sequence[Report | NoSubmission], translator: Translator, *, root: str) -> str:
    """The lines of `grader.report.render_github`."""
    reports = [entry for entry in entries if isinstance(entry, Report)]
    absent = [_absent(entry, translator) for entry in entries if isinstance(entry, NoSubmission) and entry.reason]
    notices = [_summary(report, translator) for report in reports][:MOST]
    lines = absent[: MOST // 2]
    for kind in ("error", "warning"):
        most = MOST - len(lines) if kind == "error" else MOST
        found = [pair for report in reports for pair in _ranked(report, kind)]
        # A function's first failure explains the others: those of all functions come before the second of any.
        found.sort(key=lambda pair: pair[0])
        shown = found if len(found) <= most else found[: most - 1]
        lines += [_annotation(kind, *pair[1], translator, root) for pair in shown]
        if len(shown) < len(found):
            more = _("More of them are in the report: {count}.", count=len(found) - len(shown))
            lines.append(_command(kind, {}, translator.render(more)))
    return "".join(f"{line}\n" for line in [*lines, *notices])


def _ranked(report: Report, kind: str) -> Iterator[tuple[int, tuple[Report, CheckReport]]]:
    for group in group_checks(report):
        wanted = [check for check in group.checks if _KINDS.get(check.outcome) == kind]
        told: dict[tuple[str | None, ...], CheckReport] = {}
        for check in wanted:
            told.setdefault((check.message, check.expected, check.observed), check)
        yield from ((rank, (report, check)) for rank, check in enumerate(told.values()))


def _absent(entry: NoSubmission, translator: Translator) -> str:
    reason = plain(translator.render(entry.reason or ""), _TEXT)
    return _command("error", {"title": plain(f"{entry.exercise} · {entry.title}", _TITLE)}, reason)


def _annotation(kind: str, report: Report, check: CheckReport, translator: Translator, root: str) -> str:
    properties = {}
    text = check_text(check, translator, _TEXT)
    if check.location is not None:
        properties["file"] = _file(report, check.location.file, root)
        # A line within a cell is no line of the notebook's file.
        if check.location.cell is None:
            properties["line"] = str(check.location.line)
    properties["title"] = plain(f"{check.function}: {check.title}", _TITLE)
    return _command(kind, properties, text)


def _summary(report: Report, translator: Translator) -> str:
    words = translator.render(VERDICTS[report.verdict])
    if report.score is not None:
        earned, possible = number(report.score.earned), number(report.score.possible)
        words += " · " + translator.render(_("{earned} of {possible} points", earned=earned, possible=possible))
    return _command("notice", {"title": plain(f"{report.exercise} · {report.title}", _TITLE)}, words)


def _file(report: Report, file: str, root: str) -> str:
    """The path of the student's `file` from `root`, where the submission's own path tells."""
    found = PurePosixPath(path_of(report, file))
    if root and found.is_relative_to(root):
        found = found.relative_to(root)
    return plain(str(found), _TEXT)


def _command(kind: str, properties: Mapping[str, str], text: str) -> str:
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind}{' ' if written else ''}{written}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
