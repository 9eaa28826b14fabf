"""What `grade verify` prints: findings as a compiler writes them, then what was measured."""

from __future__ import annotations

from rich.text import Text as Line

from grader.cli.courses import from_here
from grader.cli.streams import View
from grader.language import Text, _
from grader.report.page import Page, new_page, safe
from grader.verification import Severity, Survivor, Verification

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def verification_text(found: Verification, view: View) -> str:
    """The verification as a page."""
    page = new_page(view.width, unicode=view.unicode)
    render = view.translator.render
    for finding in found.findings:
        where = safe(_short(finding.file), "cyan")
        check = Line.assemble(" ", safe(finding.check, "bold")) if finding.check else Line()
        page.block(Line.assemble(where, ":", check, " ", (finding.severity.value, _STYLES[finding.severity])), rows=3)
        page.block(finding.sentence, indent=2, rows=12)
    _write_measured(page, found, view)
    _write_mutation(page, found, view)
    page.blank()
    proven = _(
        "{proven} of {checks} checks are proven by {wrong} wrong answers; {runs} runs in {seconds:.0f} seconds",
        proven=found.proven,
        checks=found.checks,
        wrong=found.wrong_answers,
        runs=found.runs,
        seconds=found.seconds,
    )
    page.block(render(proven))
    verdict = _("The course is sound.") if found.passed else _("Something is wrong with the course.")
    page.block(render(verdict), style="bold green" if found.passed else "bold red")
    return page.text(color=view.color)


def _short(file: str) -> str:
    from pathlib import Path  # noqa: PLC0415 - only for the type of what is given

    return str(from_here(Path(file)))


def _write_measured(page: Page, found: Verification, view: View) -> None:
    render = view.translator.render
    page.blank()
    for margin in found.margins:
        far = "" if margin.deviations is None else f"{margin.deviations:.1f} sd"
        words = _(
            "{exercise}: {metric} on {split} {mean:.3f} on average, threshold {threshold:g}",
            exercise=margin.exercise,
            metric=margin.metric,
            split=margin.split,
            mean=margin.mean,
            threshold=margin.threshold,
        )
        page.row(safe(render(words)), safe(far, "bold"))
    for exercise in found.exercises:
        times = [timing for timing in found.timings if timing.exercise == exercise]
        if not times:
            continue
        slow = max(times, key=lambda timing: timing.seconds)
        longest = max(times, key=lambda timing: timing.call_seconds)
        words = _(
            "{exercise}: slowest check {check} {seconds:.2f} s; longest call {call:.2f} of {limit:g} s, in {asker}",
            exercise=exercise,
            check=slow.check,
            seconds=slow.seconds,
            call=longest.call_seconds,
            limit=longest.limit,
            asker=longest.check,
        )
        page.block(safe(render(words), "dim"))


def _survivor(survivor: Survivor) -> Text:
    if survivor.broken:
        return _(
            "{exercise}, line {line}: {check} itself fails with this; mend the check",
            exercise=survivor.exercise,
            line=survivor.line,
            check=", ".join(survivor.broken),
        )
    return _("{exercise}, line {line}: no check catches this", exercise=survivor.exercise, line=survivor.line)


def _write_mutation(page: Page, found: Verification, view: View) -> None:
    mutation = found.mutation
    if mutation is None:
        return
    render = view.translator.render
    page.blank()
    for survivor in mutation.survivors:
        if survivor.reason is None:
            head = _survivor(survivor)
            page.block(render(head), style="bold yellow")
            for line in survivor.diff.splitlines():
                style = "green" if line.startswith("+") else "red" if line.startswith("-") else "dim"
                page.block(line, indent=2, style=style, rows=8)
            page.blank()
    harmless = sum(survivor.reason is not None for survivor in mutation.survivors)
    words = _(
        "{caught} of {count} mutants caught, {harmless} declared harmless, {rate:.1f} %, in {seconds:.0f} seconds",
        caught=mutation.caught,
        count=mutation.mutants,
        harmless=harmless,
        rate=mutation.rate * 100,
        seconds=mutation.seconds,
    )
    page.block(render(words))
