"""Reports as the `results.json` of an Exercism test runner, version 3. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from grader.language import Translator
from grader.records import CheckReport, Outcome, Report
from grader.report.absent import NoSubmission
from grader.report.feedback import check_text, failed_itself, json_text, plain, report_text

VERSION: Final = 3
MESSAGE_BYTES: Final = 65_535
FILE_BYTES: Final = 500_000
_NAME: Final = 300
_TEXTS: Final = (4000, 1000, 250, 0)
"""Characters of a check's message: the first that keeps the file within its limit."""
_STATUS: Final = {Outcome.PASSED: "pass", Outcome.TIMED_OUT: "error", Outcome.ERRORED: "error"}
_DID_RUN: Final = frozenset({Outcome.PASSED, Outcome.FAILED, Outcome.TIMED_OUT})


def exercism_json(entries: Sequence[Report | NoSubmission], translator: Translator) -> str:
    """The document of `grader.report.render_exercism`."""
    reports = [entry for entry in entries if isinstance(entry, Report)]
    written = ""
    for characters in _TEXTS:
        written = json_text(_document(reports, translator, characters))
        if len(written.encode()) <= FILE_BYTES:
            return written
    most = sum(len(report.checks) for report in reports)
    while len(written.encode()) > FILE_BYTES and most:
        most //= 2
        written = json_text(_document(reports, translator, _TEXTS[-1], most=most))
    return written


def _document(
    reports: Sequence[Report], translator: Translator, characters: int, *, most: int | None = None
) -> dict[str, Any]:
    """The document with messages of at most `characters`; of `most` checks only, failed ones first."""
    checks = [check for report in reports for check in report.checks]
    tasks = {function: task for task, function in enumerate(dict.fromkeys(check.function for check in checks), 1)}
    status = _status(reports, checks)
    found: dict[str, Any] = {"version": VERSION, "status": status, "message": None}
    if status == "error":
        text = "\n\n".join(report_text(report, translator, MESSAGE_BYTES) for report in reports)
        found["message"] = _within_bytes(text or "?", MESSAGE_BYTES)
    if most is not None:
        checks = sorted(checks, key=lambda check: check.outcome is Outcome.PASSED)[:most]
    found["tests"] = [_test(check, tasks[check.function], translator, characters) for check in checks]
    return found


def _status(reports: Sequence[Report], checks: Sequence[CheckReport]) -> str:
    """`error` where no check could be asked at all, as for code that does not parse or a grader that failed."""
    if any(map(failed_itself, reports)):
        return "error"
    if all(check.outcome not in _DID_RUN or not check.seconds for check in checks):
        return "error"
    return "pass" if all(check.outcome is Outcome.PASSED for check in checks) else "fail"


def _test(check: CheckReport, task: int, translator: Translator, characters: int) -> dict[str, Any]:
    status = _STATUS.get(check.outcome, "fail")
    return {
        "name": plain(f"{check.function}: {check.title}", _NAME),
        "status": status,
        "message": None if status == "pass" else check_text(check, translator, characters),
        "output": None,
        # The checks' own code is hidden; what it asks for is not.
        "test_code": plain(check.title, _NAME),
        "task_id": task,
    }


def _within_bytes(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore")
