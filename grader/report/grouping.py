"""Decides what a report's page shows: checks by function, and which explanations are given in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from grader.records import CheckReport, LayerTable, Location, Outcome, Report, Verdict


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a check did not pass, apart from which check it was."""

    message: str | None
    expected: str | None
    observed: str | None
    hint: str | None
    location: Location | None
    source: str | None
    tables: tuple[LayerTable, ...] = ()

    @classmethod
    def of(cls, check: CheckReport) -> Explanation:
        """What `check` says about itself. The line of a function that was not run explains nothing."""
        source = None if check.outcome is Outcome.NOT_RUN else check.source
        return cls(
            check.message, check.expected, check.observed, check.hint, check.location, source, tables=check.tables
        )


@dataclass(frozen=True, slots=True)
class FunctionGroup:
    """The checks of one function, in the order of the report."""

    function: str
    checks: tuple[CheckReport, ...]

    @property
    def earned(self) -> float:
        """Points that the function's checks gave."""
        return sum(check.points.earned for check in self.checks)

    @property
    def possible(self) -> float:
        """Points that the function's checks could give."""
        return sum(check.points.possible for check in self.checks)

    @property
    def passed(self) -> int:
        """How many of the checks passed."""
        return sum(check.outcome is Outcome.PASSED for check in self.checks)

    @property
    def worst(self) -> Outcome:
        """The outcome that the function's line shows."""
        present = {check.outcome for check in self.checks}
        return next(outcome for outcome in _WORST_FIRST if outcome in present)

    @property
    def shared(self) -> Explanation | None:
        """The one explanation of all the checks, where they ended alike for the same reason; else None."""
        explanations = {Explanation.of(check) for check in self.checks}
        outcomes = {check.outcome for check in self.checks}
        if len(outcomes) == len(explanations) == 1 and outcomes != {Outcome.PASSED}:
            only = explanations.pop()
            if len(self.checks) > 1 or outcomes == {Outcome.NOT_RUN}:
                return only
        return None


_WORST_FIRST: Final = (
    Outcome.ERRORED,
    Outcome.TIMED_OUT,
    Outcome.FAILED,
    Outcome.NOT_RUN,
    Outcome.SKIPPED,
    Outcome.PASSED,
)
_FIXABLE: Final = (Outcome.FAILED, Outcome.TIMED_OUT)


def group_checks(report: Report) -> tuple[FunctionGroup, ...]:
    """The report's checks by function, in the order in which the functions first appear."""
    groups: dict[str, list[CheckReport]] = {}
    for check in report.checks:
        groups.setdefault(check.function, []).append(check)
    return tuple(FunctionGroup(function, tuple(checks)) for function, checks in groups.items())


def explained_in_full(groups: tuple[FunctionGroup, ...], most: int) -> frozenset[str]:
    """The ids of the checks that are explained in full: the first failed one of each function, `most` in all.

    What follows the first in a function is often a consequence of it.
    """
    failed = [first_failed(group) for group in groups if not group.shared]
    return frozenset([check.id for check in failed if check is not None][:most])


def first_failed(group: FunctionGroup) -> CheckReport | None:
    """The first check of the function that failed, or that the grader failed in; None where there is none."""
    return next((check for check in group.checks if check.outcome in (*_FIXABLE, Outcome.ERRORED)), None)


def in_common(groups: tuple[FunctionGroup, ...]) -> Explanation | None:
    """The one explanation of everything that did not pass, where several functions share it: a file with a mistake."""
    unmet = [group for group in groups if group.worst is not Outcome.PASSED]
    explanations = {Explanation.of(check) for group in unmet for check in group.checks}
    if len(unmet) > 1 and len(explanations) == 1 and all(group.passed == 0 for group in unmet):
        only = next(iter(explanations))
        return only if only.message else None
    return None


def is_withheld(report: Report) -> bool:
    """Whether there is no score only because the course does not show it, and not because the grader failed."""
    ended = [check.outcome for check in report.checks]
    return report.verdict is Verdict.UNGRADED and bool(ended) and Outcome.ERRORED not in ended


def next_check(checks: Sequence[CheckReport]) -> CheckReport | None:
    """The check to work on next: the first that failed, else the first that could not run; None if all is well."""
    for outcomes in (_FIXABLE, (Outcome.NOT_RUN, Outcome.SKIPPED)):
        for check in checks:
            if check.outcome in outcomes:
                return check
    return None
