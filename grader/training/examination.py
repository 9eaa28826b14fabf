"""What a trained classifier gets right and wrong on the validation split, for a report to show."""

from __future__ import annotations

from typing import Final

import numpy as np

from grader.records import Record

MISTAKES: Final = 8
"""How many mistakes are told."""
MAX_CLASSES: Final = 100
"""Beyond this, a table of confusions is nothing to look at."""
_SUM: Final = 1e-3
"""How far the sum of a row of probabilities may be from 1; float16 needs that much."""


class ConfidentMistake(Record, frozen=True, kw_only=True):
    """One validation image that the model was sure about, and wrong."""

    index: int
    """position in the validation split, as `TrainingData.validation_inputs` has it"""
    target: int
    """the class that it is"""
    predicted: int
    """the class that the model took it for"""
    probability: float
    """what the model gave the predicted class, from 0 to 1"""


class Examination(Record, frozen=True, kw_only=True):
    """How a trained classifier does on the validation split; nothing in it tells of a test image."""

    confusion: tuple[tuple[int, ...], ...]
    """`(classes, classes)` counts of images: a row for each target, a column for each predicted class"""
    mistakes: tuple[ConfidentMistake, ...]
    """the most confident first, at most `MISTAKES`"""


def examine(outputs: np.ndarray, targets: np.ndarray) -> Examination | None:
    """The examination of a model that gave `outputs` `(samples, classes)` for images of classes `targets` `(samples,)`.

    Outputs that are no probabilities are taken for logits. None where there is not one finite number for each image
    and class, since such a model tells no classes apart, and for more than `MAX_CLASSES`.
    """
    classes = int(targets.max()) + 1 if targets.size else 0
    if not 0 < classes <= MAX_CLASSES or outputs.shape != (len(targets), classes) or not np.isfinite(outputs).all():
        return None
    probabilities = _probabilities(outputs.astype(np.float64))
    predicted = probabilities.argmax(axis=1)
    confusion = np.zeros((classes, classes), np.int64)
    np.add.at(confusion, (targets, predicted), 1)
    sure = probabilities.max(axis=1)
    wrong = np.flatnonzero(predicted != targets)
    # A stable sort, so that equal probabilities come in the order of the images on every machine.
    chosen = wrong[np.argsort(-sure[wrong], kind="stable")][:MISTAKES]
    mistakes = tuple(
        ConfidentMistake(
            index=int(i), target=int(targets[i]), predicted=int(predicted[i]), probability=min(float(sure[i]), 1.0)
        )
        for i in chosen
    )
    return Examination(confusion=tuple(tuple(map(int, row)) for row in confusion), mistakes=mistakes)


def well_formed(examination: Examination) -> bool:
    """Whether this is what `examine` gives: a square of counts, and mistakes that are among them."""
    size = len(examination.confusion)
    square = size > 0 and all(len(row) == size and min(row) >= 0 for row in examination.confusion)
    total = sum(map(sum, examination.confusion)) if square else 0
    return (
        square
        and len(examination.mistakes) <= MISTAKES
        and all(
            0 <= mistake.index < total
            and 0 <= mistake.target < size
            and 0 <= mistake.predicted < size
            and mistake.predicted != mistake.target
            and 0 <= mistake.probability <= 1
            for mistake in examination.mistakes
        )
    )


def _probabilities(outputs: np.ndarray) -> np.ndarray:
    if outputs.min() >= 0 and np.abs(outputs.sum(axis=1) - 1).max() <= _SUM:
        return outputs
    powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    normalized: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return normalized
