"""Many reports of one person on one page: a line for each exercise, and where to go on. Imports rich."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from rich.text import Text as Line

from grader.language import Translator, _
from grader.records import Outcome, Report, Verdict
from grader.report.absent import NoSubmission
from grader.report.grouping import group_checks, next_check
from grader.report.page import Page, new_page, safe
from grader.report.words import NOT_EXECUTED, OUTCOME_STYLES, VERDICT_STYLES, VERDICTS, confinement, number

BAR_CELLS: Final = 12
BAR_FROM: Final = 72
"""Cells from which a page has room for the bars."""
NAME_CELLS: Final = 24


def overview_page(
    entries: Sequence[Report | NoSubmission], translator: Translator, *, width: int, unicode: bool
) -> Page:
    """The page of `grader.report.render_overview`."""
    page = new_page(width, unicode=unicode)
    name_cells = min(max((cell_len(safe(entry.exercise).plain) for entry in entries), default=0), NAME_CELLS)
    for entry in entries:
        if isinstance(entry, NoSubmission):
            _write_missing(page, entry, translator, name_cells)
        else:
            _write_report(page, entry, translator, name_cells)
    reports = [entry for entry in entries if isinstance(entry, Report)]
    page.blank()
    _write_total(page, reports, len(entries), translator)
    _write_next(page, reports, translator)
    return page


def _heading(exercise: str, title: str, name_cells: int) -> Line:
    name = safe(exercise, "bold cyan")
    name.append(" " * max(name_cells - name.cell_len, 0))
    return Line.assemble(name, "  ", safe(title, "bold"))


def _write_missing(page: Page, entry: NoSubmission, translator: Translator, name_cells: int) -> None:
    what = _("no file") if entry.reason is None else _("not readable")
    page.row(_heading(entry.exercise, entry.title, name_cells), safe(translator.render(what), "dim"))
    if entry.reason is not None:
        page.block(translator.render(entry.reason), indent=2, style="dim", rows=2)


def _write_report(page: Page, report: Report, translator: Translator, name_cells: int) -> None:
    style = VERDICT_STYLES[report.verdict]
    right = safe(translator.render(VERDICTS[report.verdict]), style)
    if report.score is not None:
        points = f"{number(report.score.earned)}/{number(report.score.possible)}"
        if page.width >= BAR_FROM:
            right = Line.assemble(right, " ", page.bar(report.score.earned, report.score.possible, BAR_CELLS, style))
        right.append(f" {points:>7}")
    page.row(_heading(report.exercise, report.title, name_cells), right)
    if report.verdict is Verdict.NOT_ATTEMPTED:
        return  # everything is open, which the verdict says already
    for group in group_checks(report):
        open_checks = [check for check in group.checks if check.outcome is not Outcome.PASSED]
        if open_checks:
            first = next((check for check in open_checks if check.outcome is group.worst), open_checks[0])
            what = Line.assemble((f"{page.glyphs.bullet} ", OUTCOME_STYLES[group.worst]), safe(group.function), ": ")
            page.row(what + safe(first.title, "dim"), indent=2)


def _write_total(page: Page, reports: Sequence[Report], exercises: int, translator: Translator) -> None:
    scores = [report.score for report in reports if report.score is not None]
    earned, possible = sum(score.earned for score in scores), sum(score.possible for score in scores)
    passed = sum(report.verdict is Verdict.PASSED for report in reports)
    total = _(
        "{passed} of {count} exercises passed, {earned} of {possible} points",
        passed=passed,
        count=exercises,
        earned=number(earned),
        possible=number(possible),
    )
    page.block(translator.render(total), style="green" if passed == exercises else "bold")


def _write_next(page: Page, reports: Sequence[Report], translator: Translator) -> None:
    open_reports = [report for report in reports if next_check(report.checks) is not None]
    if open_reports:
        sentence = _("Next: see what is missing with `grade {exercise}`.", exercise=open_reports[0].exercise)
        page.block(translator.render(sentence), style="bold")
    facts_of_all = dict.fromkeys(report.sandbox for report in reports)
    of_code_that_ran = [facts for facts in facts_of_all if NOT_EXECUTED not in facts.layers]
    for facts in of_code_that_ran or facts_of_all:
        page.block(translator.render(confinement(facts)), style="dim", rows=2)
