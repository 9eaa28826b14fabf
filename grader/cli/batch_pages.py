"""What `grade batch` prints at its end: what was found, what came of it, and where a class has trouble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from rich.text import Text as Line

from grader.batch import BatchSummary, PlannedFacts, ProblemFacts
from grader.cli.streams import View
from grader.course import in_language
from grader.gradebook import CheckOverview, ExerciseOverview
from grader.language import Text, _
from grader.report.page import Page, new_page, safe
from grader.report.words import number

_SHOWN: Final = 5
"""Of each kind; `--verbose` shows all."""
_ROWS: Final = 4
"""of names"""
_NAMES_INDENT: Final = 2
_LEVELS: Final = " ▁▂▃▄▅▆▇█"
_ASCII_LEVELS: Final = " .:-=+*#%@"
_RATE_CELLS: Final = 6


def summary_text(summary: BatchSummary, view: View, *, out: Path, dry: bool) -> str:
    """The summary as a page. `out` is the folder that the batch wrote to, or, when `dry`, would write to."""
    page = new_page(view.width, unicode=view.unicode)
    render = view.translator.render
    # Sentences that need no plural: of a number, English and Korean say different things.
    what = (
        _("submissions: {count}", count=summary.submissions),
        _("students who handed in: {count}", count=summary.handed_in),
        _("read as {layout}", layout=summary.layout),
    )
    page.block(f" {page.glyphs.dot} ".join(map(render, what)), style="bold")
    page.block(f" {page.glyphs.dot} ".join(map(render, _counts(summary, dry=dry))), rows=4)
    _write_planned(page, summary.planned, view)
    for exercise in () if summary.overview is None else summary.overview.exercises:
        if exercise.handed_in:
            _write_exercise(page, exercise, view)
    _write_problems(
        page, _("The grader failed at these; they have no score, and are tried again:"), summary.failures, view
    )
    _write_problems(page, _("These cannot be graded:"), summary.unreadable, view)
    _write_problems(page, _("To know:"), summary.notices, view)
    _write_names(page, _("On the roster, and nothing handed in:"), _people(summary.missing, summary.names), view)
    _write_names(page, _("Handed in, and not on the roster:"), _people(summary.strangers, summary.names), view)
    others = _("In the gradebook, and not in this batch; `grade book --drop` leaves a student out of the class:")
    _write_names(page, others, summary.others, view)
    page.blank()
    if dry:
        page.block(render(_("Nothing was graded, and nothing written: this was a dry run.")), style="bold")
    elif summary.interrupted or summary.left:
        sentence = _("Stopped. What is done is kept; the same command again goes on from here.")
        page.block(render(sentence), style="bold yellow")
    if not dry:
        page.block(render(_("The class: {file}", file=str(out / "index.html"))))
        page.block(render(_("The points: {file}", file=str(out / "grades.csv"))))
    return page.text(color=view.color)


def _counts(summary: BatchSummary, *, dry: bool) -> list[Text]:
    counts = (
        (_("to grade: {count}", count=summary.to_grade), dry),
        (_("graded: {count}", count=summary.graded), not dry),
        (_("of these the same as another: {count}", count=summary.same), summary.same),
        (_("not come to yet: {count}", count=summary.left), summary.left),
        (_("unchanged since they were graded: {count}", count=summary.kept), summary.kept),
        (_("not readable: {count}", count=len(summary.unreadable)), summary.unreadable),
        (_("the grader failed at: {count}", count=len(summary.failures)), summary.failures),
        (_("missing: {count}", count=len(summary.missing)), summary.missing),
    )
    return [words for words, told in counts if told]


def _write_exercise(page: Page, exercise: ExerciseOverview, view: View) -> None:
    render = view.translator.render
    page.blank()
    title = in_language(exercise.title, view.translator.language)
    middle = Line()
    if exercise.mean is not None and exercise.median is not None:
        words = _(
            "mean {mean}, median {median} of {possible}",
            mean=number(round(exercise.mean, 1)),
            median=number(round(exercise.median, 1)),
            possible=number(exercise.possible),
        )
        middle = Line.assemble((_spark(exercise.histogram, unicode=view.unicode), "cyan"), "  ", safe(render(words)))
    page.row(Line.assemble(safe(exercise.exercise, "bold cyan"), "  ", safe(title, "bold")))
    facts = [
        _("{count} handed in", count=exercise.handed_in),
        *([_("{count} late", count=exercise.late)] if exercise.late else []),
        *([_("{count} not graded", count=exercise.ungraded)] if exercise.ungraded else []),
    ]
    page.row(safe(f" {page.glyphs.dot} ".join(map(render, facts)), "dim"), middle, indent=2)
    hard = [check for check in exercise.checks if check.rate < 1]
    for check in hard if view.verbose else hard[:_SHOWN]:
        _write_check(page, check, view)
    _write_rest(page, len(hard) - _SHOWN, view)


def _write_check(page: Page, check: CheckOverview, view: View) -> None:
    rate = f"{check.rate * 100:.0f} %".rjust(_RATE_CELLS)
    style = "red" if check.rate < 0.5 else "yellow"
    page.row(Line.assemble((rate, style), "  ", safe(check.function, "bold"), ": ", safe(check.title)), indent=2)
    for wrong in check.messages if view.verbose else check.messages[:1]:
        said = f"{wrong.count} x {wrong.message}"
        page.block(said, indent=2 + _RATE_CELLS + 2, style="dim", rows=2)


def _spark(histogram: Sequence[int], *, unicode: bool) -> str:
    """The distribution as one sign for each tenth of the points, the highest for the commonest."""
    levels = _LEVELS if unicode else _ASCII_LEVELS
    highest = max(histogram, default=0)
    steps = len(levels) - 1
    return "".join(levels[-(-count * steps // highest) if highest else 0] for count in histogram)


def _write_planned(page: Page, planned: Sequence[PlannedFacts], view: View) -> None:
    if not planned:
        return
    page.blank()
    page.block(view.translator.render(_("To grade:")), style="bold")
    for one in planned if view.verbose else planned[:_SHOWN]:
        page.block(f"{one.student}  {one.exercise}  {one.path}", first=f"{page.glyphs.bullet} ", rows=4)
    _write_rest(page, len(planned) - _SHOWN, view)


def _people(ids: Sequence[str], names: Mapping[str, str]) -> list[str]:
    return [f"{id_} ({names[id_]})" if id_ in names else id_ for id_ in ids]


def _write_problems(page: Page, heading: Text, problems: Sequence[ProblemFacts], view: View) -> None:
    if not problems:
        return
    page.blank()
    page.block(view.translator.render(heading), style="bold")
    for problem in problems if view.verbose else problems[:_SHOWN]:
        page.block(f"{problem.path}: {problem.reason}", first=f"{page.glyphs.bullet} ", rows=4)
    _write_rest(page, len(problems) - _SHOWN, view)


def _write_names(page: Page, heading: Text, names: Sequence[str], view: View) -> None:
    if names:
        page.blank()
        page.block(view.translator.render(heading), style="bold")
        shown = len(names) if view.verbose else _fitting(page, names)
        page.block(", ".join(names[:shown]), indent=_NAMES_INDENT, rows=1000 if view.verbose else _ROWS)
        _write_rest(page, len(names) - shown, view)


def _fitting(page: Page, names: Sequence[str]) -> int:
    """How many of the names are whole in the rows that there are for them; one at least."""
    for shown in range(2, len(names) + 1):
        trial = Page(page.width, page.glyphs)
        trial.block(", ".join(names[:shown]), indent=_NAMES_INDENT, rows=_ROWS + 1)
        if len(trial.lines) > _ROWS:
            return shown - 1
    return len(names)


def _write_rest(page: Page, hidden: int, view: View) -> None:
    if hidden > 0 and not view.verbose:
        rest = _("and {count} more; --verbose shows all", count=hidden)
        page.block(view.translator.render(rest), indent=2, style="dim")
