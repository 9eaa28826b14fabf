"""One report as text for a terminal: how am I doing, what is wrong, what next. Imports rich."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rich.text import Text as Line

from grader.language import Translator, _
from grader.records import Outcome, Report, SandboxLevel, Verdict
from grader.report.checks_page import ChecksPage
from grader.report.density import AROUND, EVERYTHING, FALLING, SHORTEST, USUAL_WIDTH, Density
from grader.report.grouping import Explanation, is_withheld, next_check
from grader.report.page import Page, new_page, safe
from grader.report.words import METRICS, NOT_EXECUTED, VERDICT_STYLES, VERDICTS, confinement, number

WIDE_BAR_CELLS: Final = 24
NARROW_BAR_CELLS: Final = 12
WIDE: Final = 72
"""Cells from which a page has room for the wide bar."""
NOTE_ROWS: Final = 2
NOTE_ROWS_IN_FULL: Final = 40


def report_page(
    report: Report, translator: Translator, *, width: int, height: int, unicode: bool, verbose: bool, sign: str = ""
) -> Page:
    """The page of `grader.report.render_text`: the fullest that fits on `height` lines, else the shortest."""
    if verbose:
        return _written(report, translator, EVERYTHING, new_page(width, unicode=unicode), sign)
    pages = (_written(report, translator, density, new_page(width, unicode=unicode), sign) for density in FALLING)
    page = next(pages)
    room = max(height - AROUND, SHORTEST)
    while len(page.lines) > max(room, room * USUAL_WIDTH // page.width):
        shorter = next(pages, None)
        if shorter is None:
            break
        page = shorter
    return page


def _written(report: Report, translator: Translator, density: Density, page: Page, sign: str) -> Page:
    _write_head(page, report, translator)
    page.blank()
    if report.verdict is Verdict.UNGRADED and not is_withheld(report):
        _write_apology(page, translator)
    checks = ChecksPage(page, report, translator, density)
    checks.write()
    _write_metrics(page, report, translator, shown=density.metrics)
    notes = _untold(report.notes, checks.explained, density)
    _write_notes(page, notes, translator, density)
    _write_next(page, report, translator, sign)
    is_short = (checks.shortened or len(notes) > density.notes) and not density.everything
    _write_facts(page, report, translator, is_short=is_short, verbose=density.everything)
    return page


def _untold(notes: Sequence[str], explained: Iterable[Explanation], density: Density) -> list[str]:
    """`notes` without those that say again what stands beside a check."""
    told = tuple(why.message for why in explained if why.message)
    return [note for note in notes if density.everything or not (told and note.endswith(told))]


def _write_head(page: Page, report: Report, translator: Translator) -> None:
    """Two lines: exercise, title and verdict; bar, points, checks and the file, or this below where it is too long."""
    style = VERDICT_STYLES[report.verdict]
    verdict = safe(translator.render(VERDICTS[report.verdict]), f"bold {style}")
    heading = Line.assemble(safe(report.exercise, "bold cyan"), "  ", safe(report.title, "bold"))
    page.row(heading, verdict)
    path = safe(report.submission.path, "dim")
    if report.score is None:
        page.row(path)
        return
    passed = sum(check.outcome is Outcome.PASSED for check in report.checks)
    points = translator.render(
        _(
            "{earned} of {possible} points",
            earned=number(report.score.earned),
            possible=number(report.score.possible),
        )
    )
    checks = translator.render(_("{passed} of {count} checks passed", passed=passed, count=len(report.checks)))
    cells = WIDE_BAR_CELLS if page.width >= WIDE else NARROW_BAR_CELLS
    bar = page.bar(report.score.earned, report.score.possible, cells, style)
    line = Line.assemble(bar, "  ", safe(points, "bold"), f" {page.glyphs.dot} ", safe(checks))
    if line.cell_len + 2 + path.cell_len <= page.width:
        page.row(line, path)
    else:
        page.row(line)
        page.row(path)


def _write_apology(page: Page, translator: Translator) -> None:
    sentence = _(
        "The grader failed, not your code: no score was given, and nothing is lost. "
        "Grade again; if it happens again, show this to your instructor."
    )
    page.block(translator.render(sentence), style="yellow", first=f"{page.glyphs.ours} ")
    page.blank()


def _write_metrics(page: Page, report: Report, translator: Translator, *, shown: int) -> None:
    if report.metrics and shown:
        page.blank()
    for metric in report.metrics[:shown]:
        name = translator.render(METRICS.get((metric.name, metric.split), f"{metric.name} ({metric.split})"))
        value = f"{metric.value:.3f}"
        if metric.threshold is None:
            sentence = _("{name}: {value}", name=name, value=value)
        else:
            asked = number(metric.threshold)
            sentence = _("{name}: {value} (asked for: at least {asked})", name=name, value=value, asked=asked)
        page.block(translator.render(sentence), first=f"{page.glyphs.bullet} ", rows=2)


def _write_notes(page: Page, notes: Sequence[str], translator: Translator, density: Density) -> None:
    if not notes or not density.notes:
        return
    page.blank()
    shown = notes[: density.notes]
    page.row(safe(translator.render(_("Notes")), "bold"))
    for note in shown:
        page.block(note, first=f"{page.glyphs.bullet} ", rows=NOTE_ROWS_IN_FULL if density.everything else NOTE_ROWS)
    if len(shown) < len(notes):
        more = _("More notes with --verbose: {count}", count=len(notes) - len(shown))
        page.row(safe(translator.render(more), "dim"), indent=2)


def _write_next(page: Page, report: Report, translator: Translator, sign: str) -> None:
    page.blank()
    if report.verdict is Verdict.PASSED:
        page.block(translator.render(_("Every check passed. Well done!")), style="green")
    elif report.next_step is not None:
        page.block(report.next_step, style="bold", rows=3)
        check = next_check(report.checks)
        if check is not None and len(check.hints) > 1:
            more = _("Stuck? `{command}` helps one step further.", command=f"{sign}grade hint {report.exercise}")
            page.block(translator.render(more), rows=2)


def _write_facts(page: Page, report: Report, translator: Translator, *, is_short: bool, verbose: bool) -> None:
    level = report.sandbox.level
    confined = translator.render(confinement(report.sandbox, verbose=verbose))
    seconds = translator.render(_("{seconds} s", seconds=f"{report.seconds:.1f}"))
    parts = [seconds, confined, *([translator.render(_("more with --verbose"))] if is_short else [])]
    facts = safe(f" {page.glyphs.dot} ".join(parts), "dim" if level is SandboxLevel.FULL else "yellow")
    page.block(facts, rows=3)
    if not verbose:
        return
    versions = report.environment
    packages = (("grader", versions.grader), ("Python", versions.python), ("TensorFlow", versions.tensorflow))
    known = [f"{name} {version}" for name, version in (*packages, ("Keras", versions.keras)) if version]
    if NOT_EXECUTED not in report.sandbox.layers:
        usage = _(
            "Your code used {wall} s of time, {cpu} s of processor time and at most {memory} MiB of memory; "
            "the grader's own training is not counted",
            wall=f"{report.usage.wall_seconds:.1f}",
            cpu=f"{report.usage.cpu_seconds:.1f}",
            memory=report.usage.peak_memory_bytes // 2**20 + 1,
        )
        page.block(translator.render(usage), style="dim")
    page.block(", ".join(known), style="dim")
    page.block(f"SHA-256 {report.submission.sha256}", style="dim")
