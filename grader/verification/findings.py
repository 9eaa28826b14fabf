"""What a verification has to say: findings with their file and remedy, and what was measured."""

from __future__ import annotations

import enum
from typing import Final

from grader.records import Record

FORMAT: Final = "grade-verification/1"


class Severity(enum.StrEnum):
    """Whether a finding makes the course wrong, or only worth a look."""

    ERROR = "error"
    WARNING = "warning"


class Finding(Record, frozen=True, kw_only=True):
    """Something wrong with a course: where, and in a sentence what and how to mend it.

    `check` is empty for a file, `exercise` for the whole course.
    """

    severity: Severity
    exercise: str
    check: str = ""
    file: str
    sentence: str


class Margin(Record, frozen=True, kw_only=True):
    """How far a trained metric of the solution is from its threshold, over several seeds.

    `deviations` is the distance of the mean from the threshold in standard deviations; None for one value alone.
    """

    exercise: str
    metric: str
    split: str
    threshold: float
    values: tuple[float, ...]
    mean: float
    deviations: float | None


class Timing(Record, frozen=True, kw_only=True):
    """The longest that a check of the solution took, in seconds: all of it, its longest call, and that call's limit."""

    exercise: str
    check: str
    seconds: float
    call_seconds: float
    limit: float


class Survivor(Record, frozen=True, kw_only=True):
    """A mutant that no check caught: its change as a unified diff, and why it is harmless, if the course says so.

    `broken` are the checks that failed themselves with it, and left it without a score.
    """

    exercise: str
    line: int
    diff: str
    reason: str | None = None
    broken: tuple[str, ...] = ()


class Mutation(Record, frozen=True, kw_only=True):
    """How many mutants of the solutions there were, and those that no check caught."""

    mutants: int
    caught: int
    seconds: float
    survivors: tuple[Survivor, ...]

    @property
    def rate(self) -> float:
        """The part that was caught, or is declared harmless, from 0 to 1."""
        harmless = sum(survivor.reason is not None for survivor in self.survivors)
        return (self.caught + harmless) / self.mutants if self.mutants else 1.0


class Verification(Record, frozen=True, kw_only=True):
    """A whole verification. `checks` is how many there are, `proven` how many a wrong answer has failed."""

    format: str = FORMAT
    exercises: tuple[str, ...]
    checks: int
    proven: int
    runs: int
    wrong_answers: int
    seconds: float
    findings: tuple[Finding, ...]
    margins: tuple[Margin, ...] = ()
    timings: tuple[Timing, ...] = ()
    mutation: Mutation | None = None

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong: no error, and every survivor explained."""
        unexplained = self.mutation is not None and any(one.reason is None for one in self.mutation.survivors)
        return not unexplained and not any(one.severity is Severity.ERROR for one in self.findings)
