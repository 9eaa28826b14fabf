"""Confusions and mistakes, from outputs that are made up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.training.examination import MISTAKES, examine, well_formed

TARGETS = np.array([0, 1, 2, 2], np.uint8)


def test_rows_are_targets_and_columns_are_predictions() -> None:
    outputs = np.array([[0.9, 0.1, 0], [0.2, 0.7, 0.1], [0.6, 0.4, 0], [0, 0.2, 0.8]], np.float32)
    found = examine(outputs, TARGETS)
    assert found is not None
    assert found.confusion == ((1, 0, 0), (0, 1, 0), (1, 0, 1))
    (mistake,) = found.mistakes
    assert (mistake.index, mistake.target, mistake.predicted) == (2, 2, 0)
    assert mistake.probability == pytest.approx(0.6)


def test_logits_become_probabilities() -> None:
    outputs = np.log(np.array([[0.9, 0.05, 0.05], [0.8, 0.1, 0.1], [0.3, 0.3, 0.4], [0.2, 0.7, 0.1]])) + 5
    found = examine(outputs, TARGETS)
    assert found is not None
    assert [(mistake.index, round(mistake.probability, 6)) for mistake in found.mistakes] == [(1, 0.8), (3, 0.7)]


def test_the_most_confident_come_first_and_equals_in_the_order_of_the_images() -> None:
    targets = np.array([1] + [0] * 20, np.uint8)
    sure = np.array([0.1, *([0.75] * 10), *([0.875] * 3), *([0.25] * 7)])
    found = examine(np.stack([1 - sure, sure], axis=1), targets)
    assert found is not None
    assert [mistake.index for mistake in found.mistakes] == [0, 11, 12, 13, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("outputs", "targets"),
    [
        (np.zeros((4, 4)), TARGETS),
        (np.zeros((4, 1)), TARGETS),
        (np.zeros((4, 2, 3)), TARGETS),
        (np.zeros((3, 3)), TARGETS),
        (np.full((4, 3), np.nan), TARGETS),
        (np.full((4, 3), np.inf), TARGETS),
        (np.zeros((0, 3)), np.zeros(0, np.uint8)),
        (np.zeros((1, 256)), np.array([255], np.uint8)),
    ],
)
def test_outputs_that_tell_no_classes_apart_have_no_examination(outputs: np.ndarray, targets: np.ndarray) -> None:
    assert examine(outputs, targets) is None


@given(st.integers(1, 12), st.integers(1, 60), st.data())
def test_every_image_is_counted_once_and_what_is_told_is_well_formed(
    classes: int, samples: int, data: st.DataObject
) -> None:
    others = data.draw(hnp.arrays(np.uint8, samples - 1, elements=st.integers(0, classes - 1)))
    targets = np.append(others, np.uint8(classes - 1))
    numbers = st.floats(-(2.0**100), 2.0**100, width=32)
    found = examine(data.draw(hnp.arrays(np.float32, (samples, classes), elements=numbers)), targets)
    assert found is not None
    assert well_formed(found)
    assert [sum(row) for row in found.confusion] == [int((targets == i).sum()) for i in range(classes)]
    wrong = samples - sum(row[i] for i, row in enumerate(found.confusion))
    assert len(found.mistakes) == min(wrong, MISTAKES)
