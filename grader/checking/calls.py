"""One call of a student's function, and what the grading room must provide so that checks can make calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from grader.language import Text
from grader.protocol.values import KerasValue
from grader.records import Outcome


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """What came of one call. `arguments` are the positional arguments as they were after it; times are seconds.

    Keras objects among the arguments stay `KerasValue`; every question of this room may be asked of those too.
    """

    value: Any
    arguments: tuple[Any, ...] = ()
    printed: str = ""
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One call as a check made it: the values that it sent, what came back, and how many seconds that took.

    `answered` is False where no value came back: the submission raised, or exceeded a limit.
    """

    check: str
    sent: tuple[Any, ...]
    value: Any
    answered: bool
    seconds: float


class TrainedModel(Protocol):
    """What the grader's training gives, as far as checks look at it."""

    @property
    def history(self) -> dict[str, tuple[float, ...]]:
        """Numbers of each epoch: loss, accuracy, val_loss, val_accuracy."""

    @property
    def validation_accuracy(self) -> float:
        """On the held-out part of the training data, from 0 to 1."""

    @property
    def test_accuracy(self) -> float:
        """On images that the student has never seen, from 0 to 1."""


class SourceFacts(Protocol):
    """What is known of a submission's code without running it."""

    def calls(self, function: str) -> frozenset[str]:
        """Names that `function` calls, itself or through helpers: `"add"`, `"keras.Sequential"`."""

    def methods(self, function: str) -> frozenset[str]:
        """Names of methods that it calls on what may be an object of a library, such as a model: `"add"`."""


class Ask(Protocol):
    """Ask the subject to call a function. Values are those of the protocol; raises SubmissionFault."""

    def __call__(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], observe: bool) -> Call:  # noqa: FBT001
        """The call's value, and with `observe` its arguments as they were afterwards."""


class Train(Protocol):
    """Train a model that crossed. None for `optimizer` or `loss`: as the student compiled it."""

    def __call__(
        self, model: KerasValue, *, inputs: str, optimizer: str | None, loss: str | None, epochs: int
    ) -> TrainedModel:
        """The trained model's numbers. Raises SubmissionFault for a model that cannot be trained."""


@dataclass(frozen=True, slots=True, eq=False)
class CheckContext:
    """What checks are run with.

    `rebuild` vets a KerasValue and makes a Keras object of it, or raises SubmissionFault. `states` says of functions
    that are not to be asked at all how their checks end, and why. `seed` and `exercise` make the `rng` of each check.
    """

    ask: Ask
    rebuild: Callable[[KerasValue], Any]
    train: Train
    source: SourceFacts
    seed: int
    exercise: str = ""
    states: Mapping[str, tuple[Outcome, Text | str]] = field(default_factory=dict)
    shuffle: int | None = None
    """a seed for another order of the checks than the file's, each still after those that it needs"""
    heard: Callable[[Question], None] | None = None
    """told of every question, for whoever verifies a course"""


def overheard(context: CheckContext, check: Callable[[], str]) -> CheckContext:
    """`context` as it is, or such that its `heard` is told of every question; `check` gives the id of who asks."""
    heard = context.heard
    if heard is None:
        return context

    def ask(function: str, args: tuple[Any, ...], kwargs: dict[str, Any], observe: bool) -> Call:  # noqa: FBT001
        started = time.monotonic()
        call = None
        try:
            call = context.ask(function, args, kwargs, observe)
        finally:
            question = Question(
                check=check(),
                sent=(*args, *kwargs.values()),
                value=None if call is None else call.value,
                answered=call is not None,
                seconds=time.monotonic() - started,
            )
            heard(question)
        return call

    return replace(context, ask=ask)
