"""Whether a submission is one for another exercise of the course."""

from __future__ import annotations

from pathlib import Path

from grader.course import Course, Exercise
from grader.errors import UsageError
from grader.language import _
from grader.submission import FunctionState, Submission, read_submission

_THERE = frozenset({FunctionState.WRITTEN, FunctionState.UNFILLED})


def refuse_stranger(course: Course, exercise: Exercise, submission: Submission, path: Path) -> None:
    """Raise UsageError if the file at `path` has no function of `exercise`, but those of another one."""
    if any(facts.state is not FunctionState.MISSING for facts in submission.functions.values()) or submission.problems:
        return
    for other in course.exercises:
        if other.id == exercise.id:
            continue
        facts = read_submission(path, functions=other.functions).functions.values()
        if any(fact.state in _THERE for fact in facts):
            raise UsageError(
                _(
                    "{path} has no function of {exercise}, but those of {other}. Try `grade {other} {path}`.",
                    path=submission.path,
                    exercise=exercise.id,
                    other=other.id,
                )
            )
