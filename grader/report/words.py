"""The words for verdicts, outcomes and confinement, as a student reads them."""

from __future__ import annotations

import math
from typing import Final

from grader.language import Text, _
from grader.records import Outcome, SandboxFacts, SandboxLevel, Verdict

VERDICTS: Final[dict[Verdict, Text]] = {
    Verdict.PASSED: _("passed"),
    Verdict.PARTIAL: _("partly passed"),
    Verdict.FAILED: _("not passed yet"),
    Verdict.NOT_ATTEMPTED: _("not started yet"),
    Verdict.UNGRADED: _("not graded"),
}

OUTCOMES: Final[dict[Outcome, Text]] = {
    Outcome.PASSED: _("passed"),
    Outcome.FAILED: _("not passed yet"),
    Outcome.TIMED_OUT: _("took too long"),
    Outcome.SKIPPED: _("skipped"),
    Outcome.ERRORED: _("the grader failed here"),
    Outcome.NOT_RUN: _("not run"),
}

VERDICT_STYLES: Final[dict[Verdict, str]] = {
    Verdict.PASSED: "green",
    Verdict.PARTIAL: "yellow",
    Verdict.FAILED: "red",
    Verdict.NOT_ATTEMPTED: "blue",
    Verdict.UNGRADED: "yellow",
}

OUTCOME_STYLES: Final[dict[Outcome, str]] = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.TIMED_OUT: "red",
    Outcome.SKIPPED: "dim",
    Outcome.ERRORED: "yellow",
    Outcome.NOT_RUN: "blue",
}

METRICS: Final[dict[tuple[str, str], Text]] = {
    ("accuracy", "train"): _("Accuracy on the training images"),
    ("accuracy", "validation"): _("Accuracy on the validation images"),
    ("accuracy", "test"): _("Accuracy on the test images"),
}
"""The names of the usual metrics, by name and split."""

CONFINEMENT: Final[dict[SandboxLevel, Text]] = {
    SandboxLevel.FULL: _("Your code ran fully confined"),
    SandboxLevel.PARTIAL: _("Your code ran partly confined"),
    SandboxLevel.NONE: _("Your code ran without confinement"),
}

_SHORT_BELOW: Final = 1e9
"""Larger numbers are written with an exponent, so that a line stays short."""

NOT_EXECUTED: Final = "not_executed"
"""The layer of a run that only read the submission."""


def confinement(facts: SandboxFacts, *, verbose: bool = False) -> Text:
    """How a run was confined, in a few words; with the layers where they are not all there, or `verbose`."""
    if NOT_EXECUTED in facts.layers:
        return _("Your code was read, not run")
    if not facts.layers or (facts.level is SandboxLevel.FULL and not verbose):
        return CONFINEMENT[facts.level]
    return _("{confinement} ({layers})", confinement=CONFINEMENT[facts.level], layers=", ".join(facts.layers))


def number(value: float) -> str:
    """`value` with at most two decimals and no trailing zeros; "?" where it is no finite number."""
    if not math.isfinite(value):
        return "?"
    if abs(value) >= _SHORT_BELOW:
        return f"{value:.3g}"
    return f"{value:.2f}".rstrip("0").rstrip(".")


def ratio(earned: float, possible: float) -> float:
    """`earned` of `possible` as a number from 0 to 1, whatever the two are."""
    if not (math.isfinite(earned) and math.isfinite(possible)) or possible <= 0:
        return 0.0
    return min(max(earned / possible, 0.0), 1.0)
