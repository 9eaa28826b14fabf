"""What Keras says when a training fails, and what the student is told."""

from __future__ import annotations

from typing import Any

import pytest

from grader.training.mistakes import explain, first_line
from tests.training.configs import function, keras_object

GRAPH = """Graph execution error:

Detected at node compile_loss/sparse_categorical_crossentropy/SparseSoftmaxCrossEntropyWithLogits defined at:
  File "/usr/lib/python3/keras/src/losses/loss.py", line 67, in __call__

Received a label value of 9 which is outside the valid range of [0, 9).  Label values: 0 8 3
\t [[{{node compile_loss/SparseSoftmaxCrossEntropyWithLogits}}]] [Op:__inference_multi_step_on_iterator_1234]"""


@pytest.mark.parametrize(
    ("kind", "text", "told", "hint"),
    [
        (
            "ValueError",
            "Could not interpret loss identifier: sparse_categorical_crossentropi",
            'no loss named "sparse_categorical_crossentropi"',
            'loss="sparse_categorical_crossentropy"',
        ),
        (
            "ValueError",
            "Could not interpret loss identifier: accuracy",
            'no loss named "accuracy"',
            "sparse_categorical",
        ),
        ("ValueError", "Could not interpret optimizer identifier: adamm", 'no optimizer named "adamm"', '"adam"'),
        (
            "ValueError",
            (
                "Arguments `target` and `output` must have the same rank (ndim). Received: target.shape=(32,), "
                "output.shape=(32, 10)"
            ),
            "The loss categorical_crossentropy does not fit the targets",
            "sparse_categorical_crossentropy",
        ),
        (
            "ValueError",
            "Dimensions must be equal, but are 32 and 10 for '{{node compile_loss/mse/sub}} = Sub[T=DT_FLOAT]",
            "does not fit the targets",
            "sparse_categorical_crossentropy",
        ),
        (
            "ValueError",
            (
                "Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape=(32,), "
                "output.shape=(32, 28, 10)"
            ),
            "the shape (None, 28, 10)",
            "Flatten",
        ),
        ("InvalidArgumentError", GRAPH, "fewer units than the images have classes", "10"),
        ("InvalidArgumentError", "indices[19] = 9 is not in [0, 9)", "fewer units than", "one unit for each class"),
        ("InvalidArgumentError", "segment_ids[26] = 35 is out of range [0, 32)", "fewer units than", "one unit"),
        (
            "ValueError",
            (
                "Exception encountered when calling Sequential.call().\n\n\x1b[1mInvalid input shape for input Tensor. "
                "Expected shape (None, 28, 28), but input has incompatible shape (32, 784)\x1b[0m"
            ),
            "The model takes inputs of shape (None, 28, 28), and is given (None, 784).",
            "keras.Input",
        ),
        (
            "ValueError",
            (
                "Input 0 of layer 'dense' is incompatible with the layer: expected axis -1 of input shape to have "
                "value 784, but received input with shape (32, 28)"
            ),
            "A layer takes 784 numbers on its last axis, and is given an input of shape (None, 28).",
            "784",
        ),
        ("ValueError", "No loss to compute. Provide a `loss` argument in `compile()`.", "without a loss", "loss="),
        (
            "ValueError",
            "dtype='string' is not a valid dtype for Keras type promotion.",
            "third argument of compile() is loss_weights",
            "metrics=",
        ),
        (
            "ValueError",
            'Layer "functional" expects 2 named input(s) with keys [...], but it received 1 input tensors.',
            "more than one input or output",
            "one input",
        ),
        ("ResourceExhaustedError", "OOM when allocating tensor with shape[1000000]", "more memory", "fewer units"),
        ("MemoryError", "", "more memory", "fewer units"),
    ],
)
def test_a_mistake_is_named(kind: str, text: str, told: str, hint: str) -> None:
    error = explain(kind, text, {"loss": "categorical_crossentropy"})
    assert told in str(error.message)
    assert hint in str(error.hint)


@pytest.mark.parametrize(
    ("loss", "name"),
    [
        ("mse", "mse"),
        (keras_object("keras.losses", "CategoricalCrossentropy"), "CategoricalCrossentropy"),
        (function("categorical_crossentropy"), "categorical_crossentropy"),
        (None, "None"),
    ],
)
def test_a_loss_is_named_however_it_was_given(loss: Any, name: str) -> None:
    error = explain("ValueError", "`target` and `output` must have the same rank", {"loss": loss})
    assert f"The loss {name} does not fit" in str(error.message)


def test_what_is_not_known_is_told_in_the_words_of_keras() -> None:
    error = explain(
        "ValueError", "Exception encountered when calling X.call().\n\n\x1b[1mThe moon is full\x1b[0m\n", {}
    )
    assert str(error.message) == "Keras cannot train the model: The moon is full"
    assert error.hint


@pytest.mark.parametrize("text", ["", "\n\n", "{boom}", "\x00\x1b[31m", "x" * 100_000, "{0.__class__}"])
def test_any_text_makes_one_short_line(text: str) -> None:
    message = str(explain("KeyError", text, {}).message)
    assert message.isprintable()
    assert len(message) < 400


def test_the_first_line_that_says_something_is_found() -> None:
    assert first_line(GRAPH).startswith("Received a label value of 9")
    assert first_line("Only this") == "Only this"
    assert first_line("") == ""
