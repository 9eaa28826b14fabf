"""What stands in a list of reports where there was nothing to grade."""

from __future__ import annotations

from grader.language import Text
from grader.records import Record, Score


class NoSubmission(Record, frozen=True, kw_only=True):
    """An exercise for which there is nothing to grade. `reason` says why a file that is there cannot be read.

    `score` is what counts all the same, by an instructor's hand, and `notes` say how that came about.
    """

    exercise: str
    title: str
    reason: Text | str | None
    score: Score | None = None
    notes: tuple[str, ...] = ()
