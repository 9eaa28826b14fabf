"""What a request shows: the summary of a job, the comment, GitLab's code quality, and the numbers. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final

from grader.ci.changes import Ignored, Kind
from grader.ci.grading import Graded
from grader.ci.records import NOTICES
from grader.language import Text, Translator, _
from grader.records import Outcome, Record, Report, Verdict
from grader.report import NoSubmission, clip, render_markdown, terminal_safe
from grader.report.markdown import inline
from grader.report.places import path_of
from grader.report.words import VERDICTS, number

MARKER: Final = "<!-- grader: one comment for each request -->"
SUMMARY_BYTES: Final = 1024 * 1024
"""What GitHub takes as a job's summary."""
COMMENT_BYTES: Final = 65_536
_SHOWN: Final = 50
_OPEN: Final = 5
"""Changes without effect up to which their list is not folded."""
_ROOM: Final = 400
_KINDS: Final[dict[Kind, Text]] = {
    Kind.COURSE: _("the course"),
    Kind.GRADER: _("the grader"),
    Kind.WORKFLOW: _("the workflow"),
    Kind.CONFIGURATION: _("configuration"),
    Kind.OTHER: _("other files"),
}


class Totals(Record, frozen=True, kw_only=True):
    """The sum of a request: `verdict` is the worst of its exercises, `none` where it hands nothing in.

    `score` is None where the grader failed: a sum without a part of it would look like the student's fault.
    """

    score: float | None
    possible: float
    verdict: str


def totals(graded: Graded) -> Totals:
    """The points of all that the request hands in; what cannot be graded at all has none of its exercise's."""
    reports = [entry for entry in graded.entries if isinstance(entry, Report)]
    absent = [entry for entry in graded.entries if isinstance(entry, NoSubmission)]
    verdict = _verdict(reports, absent)
    score = sum(report.score.earned for report in reports if report.score is not None)
    return Totals(
        score=None if verdict == Verdict.UNGRADED.value else score,
        possible=sum(graded.possible.values()),
        verdict=verdict,
    )


def _verdict(reports: Sequence[Report], absent: Sequence[NoSubmission]) -> str:
    verdicts = {report.verdict for report in reports}
    if not reports and not absent:
        return "none"
    if Verdict.UNGRADED in verdicts:
        return Verdict.UNGRADED.value
    if not absent and verdicts == {Verdict.PASSED}:
        return Verdict.PASSED.value
    some = verdicts & {Verdict.PASSED, Verdict.PARTIAL}
    return Verdict.PARTIAL.value if some else Verdict.FAILED.value


def summary(graded: Graded, translator: Translator, *, limit: int = SUMMARY_BYTES) -> str:
    """The request in Markdown, at most `limit` bytes: sum, what does not count, and each report."""
    render = translator.render
    blocks = [f"# {inline(render(_('What this request earns')))}"]
    if graded.entries:
        blocks.append(_sum(totals(graded), translator))
    else:
        blocks.append(inline(render(_("It touches no submission, so nothing was graded."))))
    blocks += [inline(render(NOTICES[notice])) for notice in graded.collected.notices]
    blocks += _without_effect(graded.collected.ignored, translator)
    head = "\n\n".join(blocks) + "\n"
    if not graded.entries:
        return head
    room = limit - len(head.encode()) - _ROOM
    return f"{head}\n{render_markdown(graded.entries, translator, limit=max(room, 0))}"


def comment(graded: Graded, translator: Translator) -> str:
    """The summary as the one comment of a request, with the mark that it is found again by."""
    return f"{MARKER}\n{summary(graded, translator, limit=COMMENT_BYTES - len(MARKER) - 1)}"


def _sum(found: Totals, translator: Translator) -> str:
    words = translator.render(VERDICTS[Verdict(found.verdict)])
    if found.score is None:
        return f"**{inline(words)}**"
    points = _("{earned} of {possible} points", earned=number(found.score), possible=number(found.possible))
    return f"**{inline(words)}** · **{inline(translator.render(points))}**"


def _without_effect(changes: Sequence[Ignored], translator: Translator) -> list[str]:
    """The changes that do not count: each that could have been meant to, and how many others."""
    render = translator.render
    told = [change for change in changes if change.kind is not Kind.OTHER]
    if not told:
        return []
    lines = [f"- {inline(change.path, 300)} ({inline(render(_KINDS[change.kind]))})" for change in told[:_SHOWN]]
    rest = len(changes) - len(lines)
    if rest:
        lines.append(f"- {inline(render(_('and {count} more', count=rest)))}")
    heading = _("These changes have no effect on the score; grading took everything but the submissions from the base:")
    blocks = [inline(render(heading)), "\n".join(lines)]
    if len(lines) <= _OPEN:
        return blocks
    # A long list is folded: what the student can do about the score comes first.
    return [f"<details><summary>{blocks[0]}</summary>", blocks[1], "</details>"]


def code_quality(graded: Graded, translator: Translator) -> str:
    """The failed checks, and what could not be graded, as GitLab's code quality report: a JSON list."""
    issues: list[dict[str, Any]] = []
    paths = {submitted.exercise: submitted.path for submitted in graded.collected.submissions}
    for entry in graded.entries:
        if isinstance(entry, NoSubmission):
            reason = translator.render(entry.reason or "")
            issues.append(_issue(entry.exercise, f"{entry.title}: {reason}", paths.get(entry.exercise, ""), 1))
            continue
        for check in entry.checks:
            if check.outcome not in {Outcome.FAILED, Outcome.TIMED_OUT}:
                continue
            at = check.location
            path = path_of(entry, at.file) if at is not None else entry.submission.path
            line = at.line if at is not None and at.cell is None else 1
            text = f"{check.function}: {check.title}. {check.message or ''}"
            issues.append(_issue(f"{entry.exercise}/{check.id}", text, path, line))
    return json.dumps(issues, ensure_ascii=False, indent=2) + "\n"


def _issue(name: str, text: str, path: str, line: int) -> dict[str, Any]:
    return {
        "description": terminal_safe(clip(text.strip(), 500)),
        "check_name": name,
        "fingerprint": hashlib.sha256(name.encode()).hexdigest(),
        "severity": "major",
        "location": {"path": path, "lines": {"begin": line}},
    }
