from __future__ import annotations

import math
from typing import Any

import pytest

from grader.checking import expect_accuracy, measured_accuracy
from grader.checking.recording import Recorder, recording
from tests.checking.contexts import FakeTrained, failure


def test_reaching_the_threshold_is_enough_and_is_recorded() -> None:
    recorder = Recorder()
    with recording(recorder):
        expect_accuracy(FakeTrained(), 0.85)
        assert measured_accuracy(FakeTrained(), "test") == 0.84
        expect_accuracy(FakeTrained(validation_accuracy=math.inf), 0.1)
    expect_accuracy(FakeTrained(), 0.1, split="test")
    assert [(metric.split, metric.value, metric.threshold) for metric in recorder.metrics] == [
        ("validation", 0.85, 0.85),
        ("test", 0.84, None),
    ]


def test_a_failure_names_split_and_threshold() -> None:
    error = failure(expect_accuracy, FakeTrained(), 0.86, hint="more units")
    assert str(error) == "The accuracy on the validation images is 0.850, below the 0.860 that is asked for."
    assert str(error.expected) == "at least 0.860 (validation)"
    assert (str(error.observed), error.hint) == ("0.850 (validation)", "more units")


@pytest.mark.parametrize(
    ("history", "words"),
    [
        ({"loss": (2.3, math.nan)}, "diverged"),
        ({"loss": (2.3, math.inf)}, "diverged"),
        ({"loss": (2.3, 9.1)}, "The loss rose from 2.3 to 9.1"),
        ({"loss": (2.303, 2.3026, 2.3025)}, "stays at 2.3, which is what guessing"),
        ({"loss": (2.61, 2.6, 2.6)}, "hardly moved, from 2.61 to 2.6"),
        ({"loss": (2.0, 1.0), "val_accuracy": (0.1, 0.11)}, "what guessing gives"),
        ({"loss": (2.0, 0.1), "accuracy": (0.5, 0.99), "val_accuracy": (0.5, 0.6)}, "overfitting"),
        ({"loss": (2.0, 1.5), "accuracy": (0.4, 0.5), "val_accuracy": (0.4, 0.5)}, "still rising"),
        ({"loss": (2.0, 1.5), "accuracy": (0.5, 0.5), "val_accuracy": (0.5, 0.5)}, "asked for."),
        ({"loss": ()}, "asked for."),
        ({"loss": (0.0,)}, "asked for."),
    ],
)
def test_the_history_says_why(history: dict[str, tuple[float, ...]], words: str) -> None:
    trained = FakeTrained(history=history, validation_accuracy=0.5)
    assert words in str(failure(expect_accuracy, trained, 0.8))


def test_an_accuracy_that_is_no_number_is_not_enough() -> None:
    failure(expect_accuracy, FakeTrained(validation_accuracy=math.nan), 0.0)


def test_there_are_two_splits() -> None:
    split: Any = "training"
    with pytest.raises(ValueError, match="validation or test"):
        expect_accuracy(FakeTrained(), 0.5, split=split)
