"""What is different since the last run, for a terminal: what passes now, what does not any more, what is next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rich.text import Text as Line

from grader.language import Translator, _
from grader.records import CheckReport, Outcome, Report
from grader.report.grouping import next_check
from grader.report.page import Page, new_page, safe
from grader.report.places import path_of
from grader.report.words import VERDICT_STYLES, VERDICTS, number

_SHOWN: Final = 6
"""Checks of each kind; more are counted."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How the checks of `after` ended that ended otherwise in `before`."""

    passed: tuple[CheckReport, ...]
    failed: tuple[CheckReport, ...]
    open: int
    """how many do not pass, changed or not"""


def changes_between(before: Report, after: Report) -> Changes:
    """What has changed from one run of an exercise to the next. Pure."""
    old = {check.id: check.outcome for check in before.checks}
    changed = [check for check in after.checks if old.get(check.id) is not check.outcome]
    return Changes(
        passed=tuple(check for check in changed if check.outcome is Outcome.PASSED),
        failed=tuple(check for check in changed if old.get(check.id) is Outcome.PASSED),
        open=sum(check.outcome is not Outcome.PASSED for check in after.checks),
    )


def changes_page(before: Report, after: Report, translator: Translator, *, width: int, unicode: bool) -> Page:
    """The page of `grader.report.render_changes`."""
    page = new_page(width, unicode=unicode)
    render = translator.render
    changes = changes_between(before, after)
    right = safe(render(VERDICTS[after.verdict]), VERDICT_STYLES[after.verdict])
    if after.score is not None:
        points = f"{number(after.score.earned)}/{number(after.score.possible)}"
        if before.score is not None and before.score.earned != after.score.earned:
            points = f"{number(before.score.earned)} {page.glyphs.arrow} {points}"
        right = Line.assemble(right, "  ", (points, "bold"))
    page.row(safe(after.exercise, "bold cyan"), right)
    _write(page, changes.passed, page.glyphs.passed, "green", translator)
    _write(page, changes.failed, page.glyphs.failed, "red", translator)
    if not changes.passed and not changes.failed:
        page.block(render(_("No check ends otherwise than before.")), indent=2, style="dim")
    check = next_check(after.checks)
    if check is not None:
        _write_next(page, check, after, translator)
        page.block(render(_("checks that do not pass yet: {count}", count=changes.open)), style="dim")
    return page


def _write(page: Page, checks: tuple[CheckReport, ...], sign: str, style: str, translator: Translator) -> None:
    for check in checks[:_SHOWN]:
        page.row(Line.assemble((f"{sign} ", style), *_named(check)), indent=2)
    if len(checks) > _SHOWN:
        more = _("and {count} more", count=len(checks) - _SHOWN)
        page.block(translator.render(more), indent=4, style="dim")


def _write_next(page: Page, check: CheckReport, report: Report, translator: Translator) -> None:
    """The first check to work on, in full."""
    page.blank()
    place = check.location
    where = "" if place is None else f"{path_of(report, place.file)}:{place.line}"
    if place is not None and place.cell is not None:
        where = translator.render(_("cell {cell}, line {line}", cell=place.cell, line=place.line))
    page.row(Line.assemble(*_named(check, "bold")), safe(where, "dim"))
    if check.message:
        page.block(check.message, indent=2, rows=6)
    for word, value in ((_("expected"), check.expected), (_("observed"), check.observed)):
        if value:
            page.block(value, first=f"{translator.render(word)}  ", indent=2, rows=3)
    if check.hint:
        page.block(check.hint, indent=2, style="yellow", rows=6)


def _named(check: CheckReport, style: str = "") -> tuple[Line, ...]:
    """A check by its function and its title, which may begin with that."""
    if check.title.startswith(check.function):
        return (safe(check.title, style or "bold"),)
    return safe(check.function, "bold"), Line(": "), safe(check.title, style)
