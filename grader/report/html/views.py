"""A report as the template wants it: words rendered, numbers written, anchors set. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from grader.language import Translator, _
from grader.records import CheckReport, LayerTable, Outcome, Report
from grader.report.absent import NoSubmission
from grader.report.escaping import clip
from grader.report.feedback import failed_itself
from grader.report.grouping import Explanation, group_checks, in_common
from grader.report.html.code import Part, check_anchor, code_parts, line_anchor
from grader.report.html.training import TrainingView, training_view
from grader.report.places import place
from grader.report.words import METRICS, OUTCOMES, VERDICTS, confinement, number, ratio

NAME: Final = 200
"""Characters of a title, a function's name or a place."""
NOTES: Final = 60
RING: Final = 100.0
"""Length of the ring around the score."""


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check. `href` leads to its line, where the page shows it."""

    anchor: str
    kind: str
    sign: str
    outcome: str
    title: str
    points: str
    message: str | None
    expected: str | None
    observed: str | None
    tables: tuple[LayerTable, ...]
    hint: str | None
    hints: tuple[str, ...]
    place: str | None
    href: str | None


@dataclass(frozen=True, slots=True)
class GroupView:
    """The checks of one function. `shared` explains all of them where they ended alike."""

    function: str
    kind: str
    points: str
    passed: str
    shared: CheckView | None
    checks: tuple[CheckView, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report's article. `common` explains every check, where one reason stands behind all of them."""

    anchor: str
    exercise: str
    title: str
    path: str
    verdict: str
    kind: str
    score: str | None
    share: str
    earned: str
    possible: str
    passed: str
    apology: bool
    next_step: str | None
    common: CheckView | None
    groups: tuple[GroupView, ...]
    parts: tuple[Part, ...]
    metrics: tuple[str, ...]
    trainings: tuple[TrainingView, ...]
    notes: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AbsentView:
    """An exercise without a submission, in a page of several."""

    anchor: str
    exercise: str
    title: str
    reason: str


SIGNS: Final = {
    Outcome.PASSED: "✔",
    Outcome.FAILED: "✘",
    Outcome.TIMED_OUT: "✘",
    Outcome.SKIPPED: "-",
    Outcome.ERRORED: "!",
    Outcome.NOT_RUN: "○",
}


def entry_views(entries: Sequence[Report | NoSubmission], translator: Translator) -> list[ReportView | AbsentView]:
    """A view for each entry, with anchors that are unique in the page."""
    return [
        report_view(entry, translator, f"e{position}")
        if isinstance(entry, Report)
        else _absent(entry, translator, f"e{position}")
        for position, entry in enumerate(entries, 1)
    ]


def report_view(report: Report, translator: Translator, prefix: str) -> ReportView:
    """Everything that the page shows of `report`; `prefix` begins each of its anchors."""
    render = translator.render
    passed = sum(check.outcome is Outcome.PASSED for check in report.checks)
    score = report.score
    positions = {id(check): position for position, check in enumerate(report.checks)}
    share = ratio(score.earned, score.possible) if score else 0.0
    groups = _groups(report, translator, prefix, positions)
    common = in_common(group_checks(report)) is not None
    return ReportView(
        anchor=prefix,
        exercise=report.exercise,
        title=clip(report.title, NAME),
        path=clip(report.submission.path, NAME),
        verdict=render(VERDICTS[report.verdict]),
        kind=report.verdict.value,
        score=None
        if score is None
        else render(
            _("{earned} of {possible} points", earned=number(score.earned), possible=number(score.possible)),
        ),
        share=f"{share * RING:.1f}",
        earned=number(score.earned) if score else "-",
        possible=number(score.possible) if score else "",
        passed=render(_("{passed} of {count} checks passed", passed=passed, count=len(report.checks))),
        apology=failed_itself(report),
        next_step=report.next_step,
        common=next((group.shared for group in groups if group.shared), None) if common else None,
        groups=groups,
        parts=code_parts(report, prefix),
        metrics=tuple(_metrics(report, translator)),
        trainings=tuple(
            training_view(training, translator, f"{prefix}-t{position}")
            for position, training in enumerate(report.trainings)
        ),
        notes=report.notes[:NOTES],
        facts=tuple(_facts(report, translator)),
    )


def _groups(report: Report, translator: Translator, prefix: str, positions: dict[int, int]) -> tuple[GroupView, ...]:
    views = []
    for group in group_checks(report):
        checks = tuple(_check(report, check, translator, prefix, positions[id(check)]) for check in group.checks)
        views.append(
            GroupView(
                function=clip(group.function, NAME),
                kind=group.worst.value,
                points=f"{number(group.earned)} / {number(group.possible)}",
                passed=translator.render(_("{passed} of {count} passed", passed=group.passed, count=len(group.checks))),
                shared=checks[0] if group.shared is not None and _says_something(group.shared) else None,
                checks=checks,
            )
        )
    return tuple(views)


def _says_something(explanation: Explanation) -> bool:
    return any((explanation.message, explanation.expected, explanation.observed, explanation.hint))


def _check(report: Report, check: CheckReport, translator: Translator, prefix: str, position: int) -> CheckView:
    explained = check.outcome is not Outcome.PASSED
    anchor = line_anchor(report, prefix, check.location) if explained else None
    return CheckView(
        anchor=check_anchor(prefix, position),
        kind=check.outcome.value,
        sign=SIGNS[check.outcome],
        outcome=translator.render(OUTCOMES[check.outcome]),
        title=clip(check.title, NAME),
        points=f"{number(check.points.earned)} / {number(check.points.possible)}",
        message=check.message,
        expected=check.expected if explained else None,
        observed=check.observed if explained else None,
        tables=check.tables if explained else (),
        hint=check.hint if explained else None,
        hints=tuple(hint for hint in check.hints if hint != check.hint) if explained else (),
        place=clip(translator.render(place(check.location)), NAME) if check.location and explained else None,
        href=f"#{anchor}" if anchor else None,
    )


def _metrics(report: Report, translator: Translator) -> list[str]:
    lines = []
    for metric in report.metrics[:40]:
        name = translator.render(
            METRICS.get((metric.name, metric.split), clip(f"{metric.name} ({metric.split})", NAME))
        )
        value = f"{metric.value:.3f}"
        if metric.threshold is None:
            lines.append(translator.render(_("{name}: {value}", name=name, value=value)))
        else:
            asked = number(metric.threshold)
            sentence = _("{name}: {value} (asked for: at least {asked})", name=name, value=value, asked=asked)
            lines.append(translator.render(sentence))
    return list(dict.fromkeys(lines))


def _facts(report: Report, translator: Translator) -> list[str]:
    versions = report.environment
    packages = (("grader", versions.grader), ("Python", versions.python), ("TensorFlow", versions.tensorflow))
    usage = _(
        "{wall} s of time, {cpu} s of processor time, {memory} MiB of memory at most",
        wall=f"{report.usage.wall_seconds:.1f}",
        cpu=f"{report.usage.cpu_seconds:.1f}",
        memory=report.usage.peak_memory_bytes // 2**20,
    )
    return [
        translator.render(_("{seconds} s", seconds=f"{report.seconds:.1f}")),
        translator.render(confinement(report.sandbox, verbose=True)),
        translator.render(usage),
        ", ".join(f"{name} {version}" for name, version in (*packages, ("Keras", versions.keras)) if version),
        f"SHA-256 {report.submission.sha256}",
    ]


def _absent(entry: NoSubmission, translator: Translator, prefix: str) -> AbsentView:
    reason = translator.render(_("no file") if entry.reason is None else entry.reason)
    return AbsentView(prefix, entry.exercise, entry.title, reason)
