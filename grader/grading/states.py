"""Which functions are not asked at all, told from the text alone."""

from __future__ import annotations

from grader.language import Text, _
from grader.records import Outcome
from grader.submission import FunctionFacts, FunctionState, Submission

States = dict[str, tuple[Outcome, Text | str]]


def states_of(submission: Submission) -> States:
    """Function name -> how its checks end without being run, and why. Functions that are to be asked are left out."""
    states: States = {}
    for name, facts in submission.functions.items():
        state = _state(facts, submission)
        if state is not None:
            states[name] = state
    return states


def nothing_written(submission: Submission) -> bool:
    """Whether no function was even begun, so that the run is `not_attempted`. Text that cannot be read was begun."""
    states = {facts.state for facts in submission.functions.values()}
    return states <= {FunctionState.UNFILLED, FunctionState.MISSING} and not is_unreadable(submission)


def is_unreadable(submission: Submission) -> bool:
    """Whether Python can read nothing of the submission."""
    return bool(submission.problems) and not submission.program.chunks


def _state(facts: FunctionFacts, submission: Submission) -> tuple[Outcome, Text | str] | None:
    problem = submission.problem_of(facts.name)
    if problem is not None:
        return Outcome.FAILED, problem.message
    match facts.state:
        case FunctionState.UNFILLED:
            return Outcome.NOT_RUN, _("{name} is not written yet.", name=facts.name)
        case FunctionState.MISSING:
            return Outcome.NOT_RUN, _("The submission has no function {name}.", name=facts.name)
        case FunctionState.MISSPELT:
            return Outcome.FAILED, _(
                "The submission has no function {name}. Did you mean {name} where it says {suggestion}?",
                name=facts.name,
                suggestion=facts.suggestion,
            )
        case FunctionState.MISPLACED:
            return Outcome.FAILED, _(
                "{name} stands inside other code, so nothing outside can call it. Move its def to the left margin.",
                name=facts.name,
            )
    return None
