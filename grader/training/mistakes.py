"""What Keras and TensorFlow say when a training fails, and what a student is told instead.

The patterns are texts of Keras 3.15 and TensorFlow 2.21; one that changes falls back to Keras's own first line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from typing import Any, Final

from grader.errors import ModelError
from grader.language import _
from grader.training.catalog import CLASSES, FUNCTIONS, Category
from grader.training.refusals import short

_SHOWN: Final = 300
_ESCAPES: Final = re.compile(r"\x1b\[[0-9;]*m")
_PREFACE: Final = re.compile(r"Exception encountered|Graph execution error|Detected at node|\s|\t|$|Arguments received")
_LOSS_NAMES: Final = sorted(name for name in FUNCTIONS if "crossentropy" in name or "error" in name)
_OPTIMIZER_NAMES: Final = sorted(
    name.lower() for (_module, name), category in CLASSES.items() if category is Category.OPTIMIZER
)

Match = re.Match[str]


def first_line(text: str) -> str:
    """The first line of an exception's text that says something, cut to a length worth showing."""
    lines = [_ESCAPES.sub("", line) for line in text.splitlines()]
    telling = next((line for line in lines if not _PREFACE.match(line)), lines[0] if lines else "")
    printable = "".join(character if character.isprintable() else " " for character in telling.strip())
    return printable if len(printable) <= _SHOWN else printable[: _SHOWN - 1] + "…"


def explain(kind: str, text: str, compile_config: dict[str, Any]) -> ModelError:
    """The ModelError for an exception of class name `kind` with this text, met while a model was trained."""
    for pattern, told in _TABLE:
        match = pattern.search(f"{kind}: {text}")
        if match:
            return told(match, compile_config)
    return ModelError(
        _("Keras cannot train the model: {line}", line=first_line(text) or kind),
        hint=_("Compile the model and fit it to a few images yourself; the same message shows where it fails."),
    )


def loss_name(compile_config: dict[str, Any]) -> str:
    """How the loss of these compile settings is called in a sentence."""
    loss = compile_config.get("loss")
    if isinstance(loss, dict):
        loss = loss.get("config") if loss.get("class_name") == "function" else loss.get("class_name")
    return short(loss)


def _unknown_loss(match: Match, _settings: dict[str, Any]) -> ModelError:
    name = match[1].strip()
    close = difflib.get_close_matches(name.lower(), _LOSS_NAMES, n=1)
    return ModelError(
        _('Keras knows no loss named "{name}".', name=short(name)),
        hint=_('Write loss="{name}".', name=close[0] if close else "sparse_categorical_crossentropy"),
    )


def _unknown_optimizer(match: Match, _settings: dict[str, Any]) -> ModelError:
    name = match[1].strip()
    close = difflib.get_close_matches(name.lower(), _OPTIMIZER_NAMES, n=1)
    return ModelError(
        _('Keras knows no optimizer named "{name}".', name=short(name)),
        hint=_('Write optimizer="{name}".', name=close[0] if close else "adam"),
    )


def _loss_does_not_fit(_match: Match, settings: dict[str, Any]) -> ModelError:
    return ModelError(
        _(
            "The loss {loss} does not fit the targets: they are class numbers from 0 to 9, one for each image, and it "
            "compares numbers of the same shape as the output.",
            loss=loss_name(settings),
        ),
        hint=_("Use sparse_categorical_crossentropy, the loss for class numbers."),
    )


def _output_rank(match: Match, _settings: dict[str, Any]) -> ModelError:
    return ModelError(
        _(
            "The output of the model has the shape {shape}, where one row of 10 numbers for each image is needed.",
            shape=_with_open_batch(match[1]),
        ),
        hint=_("Put a Flatten layer before the first Dense layer."),
    )


def _too_few_outputs(_match: Match, _settings: dict[str, Any]) -> ModelError:
    return ModelError(
        _("The output layer has fewer units than the images have classes, which are 10."),
        hint=_("Give the last Dense layer one unit for each class: 10."),
    )


def _input_shape(match: Match, _settings: dict[str, Any]) -> ModelError:
    return ModelError(
        _(
            "The model takes inputs of shape {expected}, and is given {found}.",
            expected=_with_open_batch(match[1]),
            found=_with_open_batch(match[2]),
        ),
        hint=_("Look at the shape in keras.Input, and whether the exercise feeds images (28, 28) or flat rows (784,)."),
    )


def _input_axis(match: Match, _settings: dict[str, Any]) -> ModelError:
    return ModelError(
        _(
            "A layer takes {expected} numbers on its last axis, and is given an input of shape {found}.",
            expected=match[1],
            found=_with_open_batch(match[2]),
        ),
        hint=_("Look at the shape in keras.Input, and whether the exercise feeds images (28, 28) or flat rows (784,)."),
    )


def _no_loss(_match: Match, _settings: dict[str, Any]) -> ModelError:
    return ModelError(
        _("The model was compiled without a loss, so there is nothing to learn from."),
        hint=_('Give compile() the argument loss="sparse_categorical_crossentropy".'),
    )


def _loss_weights(_match: Match, _settings: dict[str, Any]) -> ModelError:
    return ModelError(
        _("The third argument of compile() is loss_weights, and it was given something else."),
        hint=_('Name the arguments: compile(optimizer=..., loss=..., metrics=["accuracy"]).'),
    )


def _one_input_one_output(_match: Match, _settings: dict[str, Any]) -> ModelError:
    return ModelError(
        _("The model has more than one input or output, and the data has one of each."),
        hint=_("Make a model with one input, the images, and one output, the ten classes."),
    )


def _memory(_match: Match, _settings: dict[str, Any]) -> ModelError:
    return ModelError(
        _("The model needs more memory to train than the grader gives it."),
        hint=_("Use fewer units or filters, or pooling before the large layers."),
    )


_BATCH: Final = re.compile(r"^\(\d+, ?")


def _with_open_batch(shape: str) -> str:
    """`(32, 784)` as `(None, 784)`: the batch is the grader's choice, not the student's."""
    return _BATCH.sub("(None, ", shape)


_TABLE: Final[tuple[tuple[re.Pattern[str], Callable[[Match, dict[str, Any]], ModelError]], ...]] = (
    (re.compile(r"Could not interpret loss identifier: (.*)"), _unknown_loss),
    (re.compile(r"Could not interpret optimizer identifier: (.*)"), _unknown_optimizer),
    (re.compile(r"No loss to compute"), _no_loss),
    (re.compile(r"`loss_weights`|dtype='string' is not a valid dtype for Keras type promotion"), _loss_weights),
    (re.compile(r"`target\.ndim - 1`.*output\.shape=(\([^)]*\))", re.DOTALL), _output_rank),
    (re.compile(r"`target` and `output` must have the same (?:rank|shape)"), _loss_does_not_fit),
    (re.compile(r"Dimensions must be equal.*compile_loss", re.DOTALL), _loss_does_not_fit),
    # The sparse loss looks up each image's class among the outputs, in one of three ways.
    (re.compile(r"label value of \d+ which is outside the valid range"), _too_few_outputs),
    (re.compile(r"segment_ids\[\d+\] = \d+ is out of range|indices\[\d+\] = \d+ is not in"), _too_few_outputs),
    (re.compile(r"Expected shape (\([^)]*\)), but input has incompatible shape (\([^)]*\))"), _input_shape),
    (
        re.compile(r"expected axis -1 of input shape to have value (\d+), but received input with shape (\([^)]*\))"),
        _input_axis,
    ),
    (re.compile(r"expects \d+ (?:named )?input\(s\)|in the `loss` argument, can't be found"), _one_input_one_output),
    (re.compile(r"ResourceExhaustedError|MemoryError|OOM when allocating"), _memory),
)
