"""Showing a graded request on GitHub: one comment that is updated, and a check with remarks at the student's lines."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, Final

from grader.ci.changes import Kind
from grader.ci.environment import Origin
from grader.ci.grading import Graded
from grader.ci.pages import MARKER, comment, summary, totals
from grader.ci.platform import GoneError, Platform
from grader.errors import UsageError
from grader.language import Text, Translator, _
from grader.records import Outcome, Report, Verdict
from grader.report import clip, terminal_safe
from grader.report.places import path_of
from grader.report.words import VERDICTS, number

CHECK_NAME: Final = "grader"
_ANNOTATIONS: Final = 50
"""Of one request to the platform, and of what it shows for one job."""
_SUMMARY_CHARACTERS: Final = 65_535
_CONCLUSIONS: Final = {"passed": "success", "ungraded": "neutral", "none": "skipped"}


def publish(
    graded: Graded, translator: Translator, platform: Platform, origin: Origin | None = None
) -> list[Text | str]:
    """Write the check and the comment; the addresses of both, or why there is no comment.

    `origin` is where the submissions are known to come from, if they came by way of another job. Raises UsageError
    and InternalError.
    """
    try:
        order = _check(graded, translator)
        made = platform.patiently(lambda: platform.ask("POST", "/check-runs", order))
        told: list[Text | str] = [str(made.get("html_url", ""))]
        number = graded.collected.number
        if number is not None:
            told.append(_tell_request(graded, translator, platform, number, origin))
    except GoneError:
        raise UsageError(
            _("The platform knows no such repository, commit or request, or does not show it to this token.")
        ) from None
    return [line for line in told if line]


def _tell_request(
    graded: Graded, translator: Translator, platform: Platform, number: int, origin: Origin | None
) -> Text | str:
    """Write the comment if the request is the one that was graded. Raises UsageError where it never was."""
    found = platform.patiently(lambda: platform.ask("GET", f"/pulls/{number}"))
    head = found.get("head")
    told = head if isinstance(head, dict) else {}
    home = told.get("repo")
    place = Origin(
        head=str(told.get("sha")),
        repository=str(home.get("full_name")) if isinstance(home, dict) else "",
        branch=str(told.get("ref")),
    )
    if origin is not None and (place.repository, place.branch) != (origin.repository, origin.branch):
        raise UsageError(_("Request {number} is not the one that was graded.", number=number))
    if place.head != graded.collected.head:
        return _("Request {number} has moved on; the job of its new head writes the comment.", number=number)
    body = comment(graded, translator)
    has_news = bool(graded.entries) or any(one.kind is not Kind.OTHER for one in graded.collected.ignored)
    write = functools.partial(_write_comment, body, number, platform, begin=has_news)
    return str(platform.patiently(write).get("html_url", ""))


def _write_comment(body: str, number: int, platform: Platform, *, begin: bool) -> dict[str, Any]:
    """Put `body` into the comment that is there; `begin` one if there is none, or somebody has just deleted it."""
    path = f"/issues/{number}/comments"
    for found in platform.pages(f"{path}?per_page=100"):
        author = found.get("user")
        kind = author.get("type") if isinstance(author, dict) else None
        # Somebody else may have copied the mark; a person's comment is never overwritten.
        if not str(found.get("body", "")).startswith(MARKER) or kind != "Bot":
            continue
        try:
            return platform.ask("PATCH", f"/issues/comments/{int(found['id'])}", {"body": body})
        except GoneError:
            begin = True
    return platform.ask("POST", path, {"body": body}) if begin else {}


def _check(graded: Graded, translator: Translator) -> dict[str, Any]:
    found = totals(graded)
    if found.score is not None:
        title = f"{number(found.score)} / {number(found.possible)}"
    else:
        title = translator.render(VERDICTS[Verdict.UNGRADED])
    return {
        "name": CHECK_NAME,
        "head_sha": graded.collected.head,
        "status": "completed",
        "conclusion": _CONCLUSIONS.get(found.verdict, "failure"),
        "output": {
            "title": title,
            "summary": summary(graded, translator, limit=_SUMMARY_CHARACTERS),
            "annotations": list(_annotations(graded))[:_ANNOTATIONS],
        },
    }


def _annotations(graded: Graded) -> Iterator[dict[str, Any]]:
    """Remarks at lines, the first failed check of each function before the second of any."""
    ranked: list[tuple[int, dict[str, Any]]] = []
    for entry in graded.entries:
        if not isinstance(entry, Report):
            continue
        seen: dict[str, int] = {}
        for check in entry.checks:
            if check.outcome not in {Outcome.FAILED, Outcome.TIMED_OUT} or check.location is None:
                continue
            rank = seen[check.function] = seen.get(check.function, -1) + 1
            line = check.location.line if check.location.cell is None else 1
            told = "\n".join(filter(None, (check.message, check.hint)))
            remark = _remark(path_of(entry, check.location.file), line, f"{check.function}: {check.title}", told)
            ranked.append((rank, remark))
    yield from (annotation for _rank, annotation in sorted(ranked, key=lambda pair: pair[0]))


def _remark(path: str, line: int, title: str, message: str) -> dict[str, Any]:
    return {
        "path": path,
        "start_line": line,
        "end_line": line,
        "annotation_level": "failure",
        "title": terminal_safe(clip(title, 200)),
        "message": terminal_safe(clip(message or title, 2000), lines=True),
    }
