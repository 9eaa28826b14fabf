"""The solution on the bench: it earns everything, in any order of the checks, in time, and with room to thresholds."""

from __future__ import annotations

import statistics
from collections import defaultdict
from pathlib import Path
from typing import Final

from grader.grading import Trial
from grader.language import Text, _
from grader.records import CheckReport, Limits, Outcome, Report
from grader.verification.bench import Asked, Bench
from grader.verification.findings import Margin, Severity, Timing

ROOM: Final = 3.0
"""Standard deviations that a threshold should be from the solution's mean: else one training in a thousand fails."""
SLOW: Final = 0.5
"""Part of a time limit beyond which a check is close to failing on a busy machine."""


def solve(bench: Bench, solution: Path, runs: int) -> list[Timing]:
    """Grade the solution `runs` times, each in another order of the checks, and tell how long each check takes."""
    times: dict[str, Timing] = {}
    told: set[str] = set()
    limits = bench.exercise.limits_with(bench.session.options.time_limit)
    for number in range(runs):
        report, asked = bench.grade(solution, Trial(shuffle=number or None))
        if number == 0:
            bench.solved = asked
        for check in report.checks:
            if check.outcome is not Outcome.PASSED and check.id not in told:
                told.add(check.id)
                bench.tell(bench.exercise.checks, _not_passed(check, number), check.id)
            times[check.id] = _slower(times.get(check.id), bench, check, asked, limits)
        _tell_processor_time(bench, report, limits)
    for timing in times.values():
        if timing.call_seconds > SLOW * timing.limit:
            sentence = _(
                "A call of it takes {seconds:.1f} of {limit:g} seconds: raise `call_seconds`, or ask for less.",
                seconds=timing.call_seconds,
                limit=timing.limit,
            )
            bench.tell(bench.exercise.checks, sentence, timing.check, Severity.WARNING)
    return list(times.values())


def margins(bench: Bench, solution: Path, seeds: int) -> list[Margin]:
    """How far the solution's trained metrics are from their thresholds, with several seeds; none where none is."""
    values: dict[tuple[str, str, float], list[float]] = defaultdict(list)
    for number in range(seeds):
        report, _asked = bench.grade(solution, Trial(training_seed=number + 1))
        if not report.metrics:
            return []
        for metric in report.metrics:
            if metric.threshold is not None:
                values[metric.name, metric.split, metric.threshold].append(metric.value)
        for check in report.checks:
            if check.outcome is not Outcome.PASSED:
                sentence = _(
                    "The solution does not pass it when its model is trained with another seed: ask for less, or train "
                    "longer. {message}",
                    message=check.message or "",
                )
                bench.tell(bench.exercise.checks, sentence, check.id)
    found = [_margin(bench, name, split, threshold, measured) for (name, split, threshold), measured in values.items()]
    for margin in found:
        if min(margin.values) < margin.threshold or (margin.deviations is not None and margin.deviations < ROOM):
            sentence = _(
                "The threshold {threshold:g} is too close to what the solution reaches ({mean:.3f} on average, "
                "{least:.3f} at worst): lower it, or train longer.",
                threshold=margin.threshold,
                mean=margin.mean,
                least=min(margin.values),
            )
            bench.tell(bench.exercise.checks, sentence)
    return found


def _margin(bench: Bench, name: str, split: str, threshold: float, values: list[float]) -> Margin:
    mean = statistics.fmean(values)
    spread = statistics.stdev(values) if len(values) > 1 else 0.0
    return Margin(
        exercise=bench.exercise.id,
        metric=name,
        split=split,
        threshold=threshold,
        values=tuple(values),
        mean=mean,
        deviations=(mean - threshold) / spread if spread > 0 else None,
    )


def _slower(before: Timing | None, bench: Bench, check: CheckReport, asked: Asked, limits: Limits) -> Timing:
    """The longest times of a check so far."""
    call = max((question.seconds for question in asked.get(check.id, ())), default=0.0)
    return Timing(
        exercise=bench.exercise.id,
        check=check.id,
        seconds=max(check.seconds, 0.0 if before is None else before.seconds),
        call_seconds=max(call, 0.0 if before is None else before.call_seconds),
        limit=limits.call_seconds,
    )


def _tell_processor_time(bench: Bench, report: Report, limits: Limits) -> None:
    if report.usage.cpu_seconds > SLOW * limits.cpu_seconds:
        sentence = _(
            "All checks together need more than half of the {limit:g} seconds of processor time that a submission has: "
            "raise `cpu_seconds`, or ask for less.",
            limit=limits.cpu_seconds,
        )
        bench.tell(bench.exercise.checks, sentence, severity=Severity.WARNING)


def _not_passed(check: CheckReport, number: int) -> Text:
    if number == 0:
        return _(
            "The solution does not pass it ({outcome}): mend one of the two. {message}",
            outcome=check.outcome.value,
            message=check.message or "",
        )
    return _(
        "The solution passes it in the file's order and not in another: name what it depends on in `needs`, and draw "
        "from `rng` whatever it draws. {message}",
        message=check.message or "",
    )
