"""Reports as a compiler's lines, `path:line:column: error: words`, which editors make links and lists of. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from grader.language import Translator, _
from grader.records import CheckReport, Location, Outcome, Report
from grader.report.absent import NoSubmission
from grader.report.feedback import plain
from grader.report.grouping import group_checks
from grader.report.places import path_of
from grader.report.words import OUTCOMES, number

_KINDS: Final = {
    Outcome.FAILED: "error",
    Outcome.TIMED_OUT: "error",
    Outcome.ERRORED: "warning",
    Outcome.NOT_RUN: "warning",
}
_TEXT: Final = 1000


def problem_lines(entries: Sequence[Report | NoSubmission], translator: Translator) -> str:
    """The lines of `grader.report.render_lines`."""
    reports = [entry for entry in entries if isinstance(entry, Report)]
    return "".join(f"{line}\n" for report in reports for line in [*_problems(report, translator), _score(report)])


def _problems(report: Report, translator: Translator) -> Iterator[str]:
    """A line for each thing that is wrong; what several checks say of a function is said once."""
    for group in group_checks(report):
        told: dict[tuple[str | None, ...], CheckReport] = {}
        for check in group.checks:
            if check.outcome in _KINDS:
                told.setdefault((check.message, check.expected, check.observed), check)
        for check in told.values():
            place = _place(report, check.location)
            words = _words(check, translator)
            yield f"{place}: {_KINDS[check.outcome]}: {_one_line(words)}"


def _place(report: Report, location: Location | None) -> str:
    """File, line and column. A line within a cell is no line of the notebook's file, whose beginning is named."""
    if location is None:
        return f"{_one_line(report.submission.path)}:1:1"
    line = location.line if location.cell is None else 1
    return f"{_one_line(path_of(report, location.file))}:{line}:1"


def _words(check: CheckReport, translator: Translator) -> str:
    message = check.message or translator.render(OUTCOMES[check.outcome])
    words = [f"{check.function}: {message}"]
    if check.location is not None and check.location.cell is not None:
        words.insert(
            0, translator.render(_("cell {cell}, line {line}", cell=check.location.cell, line=check.location.line))
        )
    for word, value in ((_("Expected"), check.expected), (_("Found"), check.observed)):
        if value:
            words.append(f"{translator.render(word)}: {value}")
    return " · ".join(words)


def _score(report: Report) -> str:
    """The last line of a report, which no editor takes for a problem."""
    points = "-" if report.score is None else f"{number(report.score.earned)}/{number(report.score.possible)}"
    return f"{report.exercise} {points}"


def _one_line(text: str) -> str:
    return plain(" ".join(text.split()), _TEXT)
