"""Reports as Gradescope's `results.json`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal, get_args

from grader.language import Translator
from grader.records import CheckReport, Outcome, Report, Visibility
from grader.report.absent import NoSubmission
from grader.report.feedback import absent_text, check_text, json_text, plain, report_text

GradescopeVisibility = Literal["hidden", "after_due_date", "after_published", "visible"]
GRADESCOPE_VISIBILITIES: Final[tuple[GradescopeVisibility, ...]] = get_args(GradescopeVisibility)
_NAME: Final = 300


def gradescope_json(
    entries: Sequence[Report | NoSubmission], translator: Translator, *, hidden: GradescopeVisibility
) -> str:
    """The document of `grader.report.render_gradescope`."""
    scored = [entry for entry in entries if isinstance(entry, Report) or entry.score is not None]
    reports = [entry for entry in scored if isinstance(entry, Report)]
    found: dict[str, Any] = {
        "execution_time": round(sum(report.seconds for report in reports), 3),
        "output": "\n\n".join(f"{plain(entry.exercise, _NAME)}: {_text(entry, translator)}" for entry in scored),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
    }
    scores = [entry.score for entry in scored]
    # Without a score Gradescope tells the instructor that grading failed, which is what happened.
    if None not in scores:
        found["score"] = round(sum(score.earned for score in scores if score is not None), 6)
    found["tests"] = [
        _test(report, check, f"{number}.{position}", translator, hidden)
        for number, report in enumerate(reports, 1)
        for position, check in enumerate(report.checks, 1)
    ]
    return json_text(found)


def _text(entry: Report | NoSubmission, translator: Translator) -> str:
    return report_text(entry, translator) if isinstance(entry, Report) else absent_text(entry, translator)


def _test(
    report: Report, check: CheckReport, number: str, translator: Translator, hidden: GradescopeVisibility
) -> dict[str, Any]:
    scored = {} if report.score is None else {"score": check.points.earned, "max_score": check.points.possible}
    return {
        **scored,
        "status": "passed" if check.outcome is Outcome.PASSED else "failed",
        "name": plain(f"{check.function}: {check.title}", _NAME),
        "number": number,
        "output": check_text(check, translator),
        "tags": [plain(report.exercise, _NAME), check.outcome.value],
        "visibility": "visible" if check.visibility is Visibility.PUBLIC else hidden,
    }
