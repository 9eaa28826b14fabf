"""The checks of a report, function by function, as lines of a page. Imports rich."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Final

from rich.cells import cell_len
from rich.text import Text as Line

from grader.language import Text, Translator, _
from grader.records import CheckReport, Location, Outcome, Report
from grader.report.density import Density
from grader.report.grouping import (
    Explanation,
    FunctionGroup,
    explained_in_full,
    first_failed,
    group_checks,
    in_common,
)
from grader.report.layer_tables import write_tables
from grader.report.page import Page, safe
from grader.report.words import OUTCOME_STYLES, OUTCOMES, number

TITLE_ROWS: Final = 2
NAME_CELLS: Final = 28
"""Function names are padded to the longest of them, up to this."""
_DEFINITIONS: Final = ("def ", "async def ")
"""How a line begins that tells no more than where it is."""


@dataclass(slots=True)
class ChecksPage:
    """Writes the checks of `report` on `page`. Remembers what it has explained, to explain nothing twice.

    `shortened` tells afterwards whether anything was left out that did not pass.
    """

    page: Page
    report: Report
    translator: Translator
    density: Density
    explained: dict[Explanation, str] = field(default_factory=dict)
    hints: set[str] = field(default_factory=set)
    shortened: bool = False

    def write(self) -> None:
        """Write a line for each function and, below it, the checks that did not pass."""
        groups = group_checks(self.report)
        common = in_common(groups)
        if common is not None:
            self._write_explanation(common, "", indent=2, first=Line.assemble(self._sign(_worst(groups)), " "))
            self.page.blank()
        full = explained_in_full(groups, self.density.full)
        name_cells = min(max((cell_len(safe(group.function).plain) for group in groups), default=0), NAME_CELLS)
        passed = self._together(groups, Outcome.PASSED)
        unwritten = [] if common is not None else self._together(groups, Outcome.NOT_RUN)
        self._write_together(passed)
        for group in groups:
            if group not in passed and group not in unwritten:
                self._write_group(group, name_cells, full, is_told=common is not None)
        self._write_together(unwritten)

    def _write_group(self, group: FunctionGroup, name_cells: int, full: frozenset[str], *, is_told: bool) -> None:
        first = first_failed(group)
        if group.worst is Outcome.PASSED or (is_told and not self.density.everything):
            self._write_function(group, name_cells)
            if self.density.everything:
                self._write_checks(group, full)
        elif group.shared is not None and not self.density.everything:
            in_line = self._fits_beside(group, name_cells)
            self._write_function(group, name_cells, says=group.shared.message if in_line else None)
            self._write_shared(group.shared, group, in_line=in_line)
        elif first is None or first.id in full or self.density.everything:
            self._write_function(group, name_cells)
            self._write_checks(group, full)
        else:
            self._write_function(group, name_cells, first)
            self._write_brief(first)

    def _write_function(
        self, group: FunctionGroup, name_cells: int, brief: CheckReport | None = None, says: str | None = None
    ) -> None:
        name = safe(group.function, "bold" if group.worst is not Outcome.PASSED else "")
        name.append(" " * max(name_cells - name.cell_len, 0))
        left = Line.assemble(self._sign(group.worst), " ", name, "  ", safe(says or self._summary(group), "dim"))
        if brief is not None and brief.location is not None:
            place = self.translator.render(short_place(brief.location))
            left.append_text(safe(f" {self.page.glyphs.dot} {place}", "cyan"))
        self.page.row(left, self._points(group.worst, group.earned, group.possible))

    def _together(self, groups: tuple[FunctionGroup, ...], outcome: Outcome) -> list[FunctionGroup]:
        """The functions that share a line, because all their checks ended with `outcome`."""
        alike = [group for group in groups if {check.outcome for check in group.checks} == {outcome}]
        return alike if self.density.together and 1 < len(alike) < len(groups) else []

    def _write_together(self, groups: list[FunctionGroup]) -> None:
        """The functions that ended alike, in as few lines as they need."""
        if not groups:
            return
        outcome = groups[0].worst
        line = safe(", ".join(group.function for group in groups))
        if outcome is not Outcome.PASSED:
            line.append_text(safe(f"  {self.translator.render(OUTCOMES[outcome])}", "dim"))
        earned, possible = sum(group.earned for group in groups), sum(group.possible for group in groups)
        sign = Line.assemble(self._sign(outcome), " ")
        self.page.block(line, first=sign, right=self._points(outcome, earned, possible), rows=TITLE_ROWS)

    def _summary(self, group: FunctionGroup) -> str:
        if group.shared is not None:
            return self.translator.render(OUTCOMES[group.worst])
        passed, count = group.passed, len(group.checks)
        return self.translator.render(_("{passed} of {count} passed", passed=passed, count=count))

    def _fits_beside(self, group: FunctionGroup, name_cells: int) -> bool:
        """Whether why the function was not run fits on its own line, in place of that it was not."""
        if group.worst is not Outcome.NOT_RUN or group.shared is None or not group.shared.message:
            return False
        if any(why.message == group.shared.message for why in self.explained):
            return False
        points = self._points(group.worst, group.earned, group.possible)
        taken = 2 + max(name_cells, cell_len(safe(group.function).plain)) + 2 + 1 + (points.cell_len if points else 0)
        return cell_len(safe(group.shared.message).plain) <= self.page.width - taken

    def _write_shared(self, why: Explanation, group: FunctionGroup, *, in_line: bool) -> None:
        if group.worst is Outcome.NOT_RUN and self.explained:
            # Where the first unwritten function stands is help; the others follow it.
            why = replace(why, location=None, source=None)
        if in_line:
            self.explained[why] = group.function
            if why.location:
                self.page.block(self._place(why.location, self.page.width - 4), indent=4, style="cyan", rows=2)
            self._write_hint(why, indent=4, rows=self.density.hint)
            return
        self._write_explanation(why, group.function, indent=4)

    def _write_brief(self, check: CheckReport) -> None:
        """What is wrong and what to try, in a line or two each."""
        why = Explanation.of(check)
        self.shortened = True
        if why in self.explained:
            self._write_same(why, check.function, indent=4)
            return
        self.explained[why] = check.function
        self.page.block(why.message or check.title, indent=4, rows=self.density.brief_message)
        self._write_hint(why, indent=4, rows=self.density.brief_hint)

    def _write_checks(self, group: FunctionGroup, full: frozenset[str]) -> None:
        skipped = [check for check in group.checks if check.outcome is Outcome.SKIPPED]
        together = not self.density.everything and len(skipped) > 1
        for check in group.checks:
            if self._is_left_out(check, full, together=together):
                continue
            self._write_title(check)
            if check.id in full or self.density.everything:
                self._write_explanation(Explanation.of(check), check.function, indent=4)
            elif self.density.others and check.message and Explanation.of(check) not in self.explained:
                self.page.block(check.message, indent=4, style="dim", rows=self.density.others)
        if together and self.density.others >= 0:
            self._write_skipped(skipped)

    def _is_left_out(self, check: CheckReport, full: frozenset[str], *, together: bool) -> bool:
        if self.density.everything:
            return False
        if check.outcome is Outcome.PASSED or (together and check.outcome is Outcome.SKIPPED):
            return True
        if check.id not in full:
            self.shortened = True
            return self.density.others < 0
        return False

    def _write_skipped(self, skipped: list[CheckReport]) -> None:
        earned = sum(check.points.earned for check in skipped)
        possible = sum(check.points.possible for check in skipped)
        sentence = _("{count} checks were skipped, because one that they need did not pass", count=len(skipped))
        line = safe(self.translator.render(sentence), "dim")
        sign = Line.assemble(self._sign(Outcome.SKIPPED), " ")
        points = self._points(Outcome.SKIPPED, earned, possible, "dim")
        self.page.block(line, indent=2, first=sign, right=points, rows=TITLE_ROWS)

    def _write_title(self, check: CheckReport) -> None:
        title = safe(check.title)
        if check.outcome not in {Outcome.PASSED, Outcome.FAILED}:
            outcome = self.translator.render(OUTCOMES[check.outcome])
            title.append_text(safe(f" ({outcome})", "dim"))
        points = self._points(check.outcome, check.points.earned, check.points.possible, "dim")
        sign = Line.assemble(self._sign(check.outcome), " ")
        self.page.block(title, indent=2, first=sign, right=points, rows=TITLE_ROWS)

    def _points(self, outcome: Outcome, earned: float, possible: float, style: str = "") -> Line | None:
        # What the grader could not find out is not shown as lost points.
        return None if outcome is Outcome.ERRORED else Line(f"{number(earned)}/{number(possible)}", style)

    def _write_explanation(self, why: Explanation, function: str, *, indent: int, first: Line | str = "") -> None:
        if not any((why.message, why.expected, why.observed, why.hint, why.location)):
            return
        if why in self.explained:
            self._write_same(why, function, indent=indent)
            return
        self.explained[why] = function
        if why.message:
            self.page.block(why.message, indent=0 if first else indent, first=first, rows=self.density.message)
        if self.density.values == 0:
            self.shortened = self.shortened or bool(why.tables or why.expected or why.observed)
        elif why.tables:
            rows, differing = self.density.values, self.density.differing
            write_tables(self.page, why.tables, self.translator, indent=indent, rows=rows, differing=differing)
        else:
            self._write_values(why, indent)
        if why.location:
            self.page.block(self._place(why.location, self.page.width - indent), indent=indent, style="cyan", rows=2)
            if why.source and (first or not why.source.startswith(_DEFINITIONS)):
                self.page.row(safe(f"{self.page.glyphs.gutter} {why.source}", "dim"), indent=indent)
        self._write_hint(why, indent=indent, rows=self.density.hint)

    def _place(self, location: Location, room: int) -> str:
        """Where to look, with the file's folder where there is room for it."""
        whole = self.translator.render(place_text(self.report.submission.path, location))
        if cell_len(safe(whole).plain) <= room:
            return whole
        return self.translator.render(place_text(location.file, location))

    def _write_same(self, why: Explanation, function: str, *, indent: int) -> None:
        other = self.explained[why]
        same = (
            _("For the same reason.") if other == function else _("For the same reason as {function}.", function=other)
        )
        if other:
            self.page.block(self.translator.render(same), indent=indent, style="dim", rows=2)

    def _write_hint(self, why: Explanation, *, indent: int, rows: int) -> None:
        if why.hint and why.hint not in self.hints and len(self.hints) < self.density.hints:
            self.hints.add(why.hint)
            arrow = f"{self.page.glyphs.arrow} "
            self.page.block(why.hint, indent=indent, first=arrow, style="yellow", rows=rows)

    def _write_values(self, why: Explanation, indent: int) -> None:
        labels = {"expected": self.translator.render(_("expected")), "observed": self.translator.render(_("observed"))}
        cells = max(cell_len(label) for label in labels.values())
        for key, value, style in (("expected", why.expected, "green"), ("observed", why.observed, "red")):
            if value:
                label = labels[key] + " " * (cells - cell_len(labels[key]) + 2)
                self.page.block(value, indent=indent, first=label, style=style, rows=self.density.values)

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


def _worst(groups: tuple[FunctionGroup, ...]) -> Outcome:
    return next(group.worst for group in groups if group.worst is not Outcome.PASSED)


def place_text(path: str, location: Location) -> Text | str:
    """`path:line`, which terminals and editors open; for a notebook the cell and the line in it."""
    file = path if PurePath(path).name == location.file else location.file
    if location.cell is None:
        return f"{file}:{location.line}"
    return _("{file}, cell {cell}, line {line}", file=file, cell=location.cell, line=location.line)


def short_place(location: Location) -> Text:
    """The line, or the cell and the line in it, without the file."""
    if location.cell is None:
        return _("line {line}", line=location.line)
    return _("cell {cell}, line {line}", cell=location.cell, line=location.line)
