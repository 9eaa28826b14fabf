"""Expectations of trained accuracy, and what a training's history says of a model that does not learn."""

from __future__ import annotations

import math
from typing import Final, Literal

from grader.checking.calls import TrainedModel
from grader.checking.display import join_sentences
from grader.checking.failures import CheckFailed, Message
from grader.checking.recording import record_metric
from grader.language import Text, _

Split = Literal["validation", "test"]

_STUCK: Final = 0.02
"""Relative: a loss that fell by less than this over the whole training did not move."""
_GUESSING: Final = math.log(10)
"""The cross-entropy of ten equal probabilities."""
_CHANCE: Final = 0.15
"""Ten balanced classes are guessed right one time in ten; measured, a model that learns at all is past 0.2."""
_GAP: Final = 0.15
"""Difference of training and validation accuracy; right models of the course stay below 0.03."""
_STILL_RISING: Final = 0.02
"""Gain of accuracy in the last epoch; trained models of the course gain 0.003 to 0.01."""


def measured_accuracy(trained: TrainedModel, split: Split = "validation") -> float:
    """The accuracy on `split`, from 0 to 1, recorded as a metric of the report."""
    value = _accuracy(trained, split)
    record_metric("accuracy", split, value)
    return value


def expect_accuracy(
    trained: TrainedModel, threshold: float, *, split: Split = "validation", hint: Message | None = None
) -> None:
    """Expect at least `threshold` (0 to 1) on `split`, and record the metric. Raises CheckFailed with a diagnosis."""
    value = _accuracy(trained, split)
    record_metric("accuracy", split, value, threshold)
    if value >= threshold:
        return
    below = _(
        "The accuracy on the {split} images is {value}, below the {threshold} that is asked for.",
        split=_split_name(split),
        value=f"{value:.3f}",
        threshold=f"{threshold:.3f}",
    )
    diagnosis = diagnose_history(trained)
    raise CheckFailed(
        join_sentences([below, diagnosis] if diagnosis else [below]),
        expected=_("at least {threshold} ({split})", threshold=f"{threshold:.3f}", split=_split_name(split)),
        observed=_("{value} ({split})", value=f"{value:.3f}", split=_split_name(split)),
        hint=hint,
    )


def diagnose_history(trained: TrainedModel) -> Text | None:  # noqa: PLR0911 - one line for each diagnosis
    """What the numbers of the epochs say about a model that is not good enough; None when they say nothing."""
    loss = _series(trained, "loss")
    accuracy, held_out = _series(trained, "accuracy"), _series(trained, "val_accuracy")
    if not loss:
        return None
    if not all(math.isfinite(number) for number in loss):
        return _("The loss became infinite or NaN: the training diverged. A smaller learning rate is the usual remedy.")
    first, last = f"{loss[0]:.3g}", f"{loss[-1]:.3g}"
    if all(abs(number - _GUESSING) < _STUCK for number in loss):
        return _(
            "The loss stays at {last}, which is what guessing among ten classes costs: the weights do not move, or all"
            " outputs are alike.",
            last=last,
        )
    if loss[-1] > loss[0] * (1 + _STUCK):
        return _(
            "The loss rose from {first} to {last}: the learning rate is probably too large.", first=first, last=last
        )
    if len(loss) > 1 and loss[0] - loss[-1] < _STUCK * abs(loss[0]):
        return _(
            "The loss hardly moved, from {first} to {last}: look at the learning rate, the output layer and the scale"
            " of the inputs.",
            first=first,
            last=last,
        )
    if held_out and held_out[-1] < _CHANCE:
        return _("That is about what guessing gives: look at the output layer and the loss.")
    if accuracy and held_out and accuracy[-1] - held_out[-1] > _GAP:
        return _(
            "On its own training images the model reaches {train}: it learned those by heart (overfitting).",
            train=f"{accuracy[-1]:.3f}",
        )
    if len(accuracy) > 1 and accuracy[-1] - accuracy[-2] > _STILL_RISING:
        return _("The accuracy was still rising when the epochs ended: the model learns, but slowly.")
    return None


def _accuracy(trained: TrainedModel, split: Split) -> float:
    if split not in {"validation", "test"}:
        raise ValueError(f"the split is validation or test, not {split!r}")
    return float(trained.validation_accuracy if split == "validation" else trained.test_accuracy)


def _series(trained: TrainedModel, name: str) -> tuple[float, ...]:
    return tuple(float(number) for number in trained.history.get(name, ()))


def _split_name(split: Split) -> Text:
    return _("validation") if split == "validation" else _("test")
