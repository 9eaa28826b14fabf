"""The checks of a report, function by function, as lines of a page. Imports rich."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from rich.cells import cell_len
from rich.text import Text as Line

from grader.language import Text, Translator, _
from grader.records import CheckReport, Location, Outcome, Report
from grader.report.grouping import Explanation, FunctionGroup, explained_in_full, group_checks
from grader.report.page import Page, safe
from grader.report.words import OUTCOME_STYLES, OUTCOMES, number

MESSAGE_ROWS: Final = 5
SHORT_ROWS: Final = 2
VALUE_ROWS: Final = 8
HINT_ROWS: Final = 4
VERBOSE_ROWS: Final = 60
NAME_CELLS: Final = 28
"""Function names are padded to the longest of them, up to this."""
_DEFINITIONS: Final = ("def ", "async def ")
"""How a line begins that tells no more than where it is."""


@dataclass(slots=True)
class ChecksPage:
    """Writes the checks of `report` on `page`. Remembers what it has explained, to explain nothing twice."""

    page: Page
    report: Report
    translator: Translator
    verbose: bool
    explained: dict[Explanation, str] = field(default_factory=dict)
    hints: set[str] = field(default_factory=set)

    def write(self) -> None:
        """Write a line for each function and, below it, the checks that did not pass."""
        groups = group_checks(self.report)
        full = explained_in_full(groups, verbose=self.verbose)
        name_cells = min(max((cell_len(safe(group.function).plain) for group in groups), default=0), NAME_CELLS)
        for group in groups:
            self._write_function(group, name_cells)
            if group.shared is not None and not self.verbose:
                self._write_explanation(group.shared, group.function, indent=4)
            else:
                self._write_checks(group, full)
        self._write_more(groups, full)

    def _write_function(self, group: FunctionGroup, name_cells: int) -> None:
        name = safe(group.function, "bold" if group.worst is not Outcome.PASSED else "")
        name.append(" " * max(name_cells - name.cell_len, 0))
        left = Line.assemble(self._sign(group.worst), " ", name, "  ", safe(self._summary(group), "dim"))
        self.page.row(left, self._points(group.worst, group.earned, group.possible))

    def _summary(self, group: FunctionGroup) -> str:
        if group.shared is not None:
            return self.translator.render(OUTCOMES[group.worst])
        passed, count = group.passed, len(group.checks)
        return self.translator.render(_("{passed} of {count} passed", passed=passed, count=count))

    def _write_checks(self, group: FunctionGroup, full: frozenset[str]) -> None:
        skipped = [check for check in group.checks if check.outcome is Outcome.SKIPPED]
        together = not self.verbose and len(skipped) > 1
        for check in group.checks:
            if self._is_left_out(check, together=together):
                continue
            self._write_title(check)
            if check.id in full:
                self._write_explanation(Explanation.of(check), check.function, indent=4)
            elif check.message and not self._is_repeated(check):
                self.page.block(check.message, indent=4, style="dim", rows=SHORT_ROWS)
        if together:
            self._write_skipped(skipped)

    def _is_left_out(self, check: CheckReport, *, together: bool) -> bool:
        if self.verbose:
            return False
        return check.outcome is Outcome.PASSED or (together and check.outcome is Outcome.SKIPPED)

    def _write_skipped(self, skipped: list[CheckReport]) -> None:
        earned = sum(check.points.earned for check in skipped)
        possible = sum(check.points.possible for check in skipped)
        sentence = _("{count} checks were skipped, because one that they need did not pass", count=len(skipped))
        line = safe(self.translator.render(sentence), "dim")
        sign = Line.assemble(self._sign(Outcome.SKIPPED), " ")
        points = self._points(Outcome.SKIPPED, earned, possible, "dim")
        self.page.block(line, indent=2, first=sign, right=points, rows=SHORT_ROWS)

    def _is_repeated(self, check: CheckReport) -> bool:
        return Explanation.of(check) in self.explained

    def _write_title(self, check: CheckReport) -> None:
        title = safe(check.title)
        if check.outcome not in {Outcome.PASSED, Outcome.FAILED}:
            outcome = self.translator.render(OUTCOMES[check.outcome])
            title.append_text(safe(f" ({outcome})", "dim"))
        points = self._points(check.outcome, check.points.earned, check.points.possible, "dim")
        sign = Line.assemble(self._sign(check.outcome), " ")
        self.page.block(title, indent=2, first=sign, right=points, rows=SHORT_ROWS)

    def _points(self, outcome: Outcome, earned: float, possible: float, style: str = "") -> Line | None:
        # What the grader could not find out is not shown as lost points.
        return None if outcome is Outcome.ERRORED else Line(f"{number(earned)}/{number(possible)}", style)

    def _write_explanation(self, why: Explanation, function: str, *, indent: int) -> None:
        if not any((why.message, why.expected, why.observed, why.hint, why.location)):
            return
        if why in self.explained:
            same = _("For the same reason as {function}.", function=self.explained[why])
            self.page.block(self.translator.render(same), indent=indent, style="dim", rows=2)
            return
        self.explained[why] = function
        if why.message:
            self.page.block(why.message, indent=indent, rows=self._rows(MESSAGE_ROWS))
        self._write_values(why, indent)
        if why.location:
            place = self.translator.render(place_text(self.report, why.location))
            self.page.block(place, indent=indent, style="cyan", rows=2)
            if why.source and not why.source.startswith(_DEFINITIONS):
                self.page.row(safe(f"{self.page.glyphs.gutter} {why.source}", "dim"), indent=indent)
        if why.hint and why.hint not in self.hints:
            self.hints.add(why.hint)
            arrow = f"{self.page.glyphs.arrow} "
            self.page.block(why.hint, indent=indent, first=arrow, style="yellow", rows=self._rows(HINT_ROWS))

    def _write_values(self, why: Explanation, indent: int) -> None:
        labels = {"expected": self.translator.render(_("expected")), "observed": self.translator.render(_("observed"))}
        cells = max(cell_len(label) for label in labels.values())
        for key, value, style in (("expected", why.expected, "green"), ("observed", why.observed, "red")):
            if value:
                label = labels[key] + " " * (cells - cell_len(labels[key]) + 2)
                self.page.block(value, indent=indent, first=label, style=style, rows=self._rows(VALUE_ROWS))

    def _write_more(self, groups: tuple[FunctionGroup, ...], full: frozenset[str]) -> None:
        shortened = sum(
            check.outcome in {Outcome.FAILED, Outcome.TIMED_OUT} and check.id not in full and not group.shared
            for group in groups
            for check in group.checks
        )
        if shortened:
            more = _("{count} more explained with --verbose", count=shortened)
            self.page.row(safe(self.translator.render(more), "dim"))

    def _rows(self, usual: int) -> int:
        return VERBOSE_ROWS if self.verbose else usual

    def _sign(self, outcome: Outcome) -> Line:
        glyphs = self.page.glyphs
        signs = {
            Outcome.PASSED: glyphs.passed,
            Outcome.FAILED: glyphs.failed,
            Outcome.TIMED_OUT: glyphs.failed,
            Outcome.SKIPPED: glyphs.waiting,
            Outcome.ERRORED: glyphs.ours,
            Outcome.NOT_RUN: glyphs.not_run,
        }
        return Line(signs[outcome], style=OUTCOME_STYLES[outcome])


def place_text(report: Report, location: Location) -> Text | str:
    """`path:line`, which terminals and editors open; for a notebook the cell and the line in it."""
    path = report.submission.path
    file = path if PurePath(path).name == location.file else location.file
    if location.cell is None:
        return f"{file}:{location.line}"
    return _("{file}, cell {cell}, line {line}", file=file, cell=location.cell, line=location.line)
