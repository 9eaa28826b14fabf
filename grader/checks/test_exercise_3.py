"""Hidden checks of exercise 3: parameters and the batch dimension. 10 points: 2 + 3 + 3 + 2.

The chapter's own numbers are checked first and in public; every other size is drawn, and is not the chapter's. No
TensorFlow is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from grader.checking import Mistake, Student, check, expect, expect_count, fail, require, show
from grader.checks import steps_3
from grader.language import _

CHAPTER: Final = [784, 100, 10]


# dense_parameter_count ------------------------------------------------------------------------------------------------


@check(
    "dense_parameter_count",
    points=0.75,
    visibility="public",
    title=_("dense_parameter_count gives 78,500 for 784 inputs and 100 units, and 1,010 for 100 and 10"),
    hint=_("Each unit has one weight for each input, and one bias."),
    hints=steps_3.DENSE_CHAPTER,
)
def test_dense_parameter_count_chapter(student: Student) -> None:
    for inputs, units in ((784, 100), (100, 10)):
        _expect_dense_count(student, inputs, units)


@check(
    "dense_parameter_count",
    points=1.25,
    needs=[test_dense_parameter_count_chapter],
    title=_("dense_parameter_count is right for any number of inputs and units"),
    hint=_("Compute the number from `inputs` and `units`; the numbers of the chapter must not stand in the code."),
    hints=steps_3.DENSE_OTHER,
)
def test_dense_parameter_count_other_sizes(student: Student, rng: np.random.Generator) -> None:
    for _time in range(4):
        _expect_dense_count(student, int(rng.integers(11, 900)), int(rng.integers(11, 900)))
    _expect_dense_count(student, 1, 1)


# model_parameter_count ------------------------------------------------------------------------------------------------


@check(
    "model_parameter_count",
    points=1,
    visibility="public",
    title=_("model_parameter_count gives 79,510 for [784, 100, 10]"),
    hint=_("Add up the parameters of the layers; the first number says how many inputs there are and is no layer."),
    hints=steps_3.MODEL_CHAPTER,
)
def test_model_parameter_count_chapter(student: Student) -> None:
    _expect_model_count(student, CHAPTER)


@check(
    "model_parameter_count",
    points=1.25,
    needs=[test_model_parameter_count_chapter],
    title=_("model_parameter_count is right for any sizes and any number of layers"),
    hint=_("Go through the neighbours in the list: each pair is the inputs and the units of one layer."),
    hints=steps_3.MODEL_DEPTHS,
)
def test_model_parameter_count_other_depths(student: Student, rng: np.random.Generator) -> None:
    for layers in (2, 3, 5, int(rng.integers(6, 10))):
        _expect_model_count(student, _draw_sizes(rng, layers))


@check(
    "model_parameter_count",
    points=0.5,
    needs=[test_model_parameter_count_chapter],
    title=_("model_parameter_count is right for a single layer"),
    hint=_("A list of two numbers is one layer: `[784, 10]` has 784 inputs and 10 units."),
    hints=steps_3.MODEL_ONE,
)
def test_model_parameter_count_one_layer(student: Student, rng: np.random.Generator) -> None:
    _expect_model_count(student, _draw_sizes(rng, 1))


@check(
    "model_parameter_count",
    points=0.25,
    needs=[test_model_parameter_count_chapter],
    title=_("model_parameter_count takes a tuple as well as a list"),
    hint=_("Only read the sizes, by index or in a loop; lists can do more than tuples, such as `append` and `pop`."),
    hints=steps_3.MODEL_TUPLE,
)
def test_model_parameter_count_tuple(student: Student) -> None:
    """The chapter's sizes again, so that only the tuple is new."""
    _expect_model_count(student, tuple(CHAPTER))


# layer_output_shapes --------------------------------------------------------------------------------------------------


@check(
    "layer_output_shapes",
    points=0.5,
    title=_("layer_output_shapes returns a list of tuples"),
    hint=_("`[784, 100, 10]` makes `[(None, 100), (None, 10)]`: one tuple for each layer."),
    hints=steps_3.SHAPES_KIND,
)
def test_layer_output_shapes_kind(student: Student, rng: np.random.Generator) -> None:
    """Any sequence of sequences."""
    for sizes in (CHAPTER, _draw_sizes(rng, 4)):
        _shapes(student, sizes)


@check(
    "layer_output_shapes",
    points=0.75,
    needs=[test_layer_output_shapes_kind],
    title=_("layer_output_shapes has one shape for each layer"),
    hint=_("The first number is the inputs, which are no layer: begin with the second one."),
    hints=steps_3.SHAPES_NUMBER,
)
def test_layer_output_shapes_number(student: Student, rng: np.random.Generator) -> None:
    """Whatever the shapes are."""
    for sizes in (CHAPTER, _draw_sizes(rng, 1), _draw_sizes(rng, 4)):
        found, layers = len(_shapes(student, sizes)), len(sizes) - 1
        mistakes = [
            Mistake(layers + 1, _("There is one shape too many: the inputs were counted as a layer.")),
            Mistake(
                layers - 1,
                _("There is one shape too few: the output layer counts as well."),
                _("Begin with the second number, and go on to the last: `layer_sizes[1:]`."),
            ),
        ]
        expect_count(found, layers, mistakes=mistakes)


@check(
    "layer_output_shapes",
    points=1,
    needs=[test_layer_output_shapes_kind],
    title=_("Each shape begins with the batch dimension, None"),
    hint=_("How many samples come at once is not known beforehand, and None says so."),
    hints=steps_3.SHAPES_BATCH,
)
def test_layer_output_shapes_batch(student: Student, rng: np.random.Generator) -> None:
    """Whatever the number of shapes and of units."""
    for sizes in (CHAPTER, _draw_sizes(rng, 4)):
        for shape in _shapes(student, sizes):
            _expect_batch_dimension(tuple(shape))


@check(
    "layer_output_shapes",
    points=0.75,
    needs=[test_layer_output_shapes_number, test_layer_output_shapes_batch],
    title=_("Each shape ends with the units of its layer"),
    hint=_("Behind None stands the number of units of the layer, in the order of the layers."),
    hints=steps_3.SHAPES_UNITS,
)
def test_layer_output_shapes_units(student: Student, rng: np.random.Generator) -> None:
    """A list and a tuple of sizes."""
    drawn = _draw_sizes(rng, 4)
    for sizes in (CHAPTER, drawn, tuple(drawn)):
        expected = [(None, units) for units in sizes[1:]]
        mistakes = [
            Mistake(
                [(None, units) for units in sizes[:-1]], _("Each shape has the inputs of its layer, not the units.")
            ),
            Mistake(expected[::-1], _("The shapes stand in the opposite order: the first layer comes first.")),
            Mistake(
                lambda observed: all(len(shape) > 2 for shape in observed),
                _("The shapes have too many dimensions: a dense layer's output is (None, units)."),
            ),
        ]
        expect(_shapes(student, sizes), expected, mistakes=mistakes)


# batches_per_epoch ----------------------------------------------------------------------------------------------------


@check(
    "batches_per_epoch",
    points=0.5,
    visibility="public",
    title=_("batches_per_epoch gives 1500 for 48,000 samples"),
    hint=_("A batch has 32 samples unless another size is given."),
    hints=steps_3.BATCHES_CHAPTER,
)
def test_batches_per_epoch_chapter(student: Student) -> None:
    """1500.0 will do here; that it is no integer has a check of its own."""
    mistakes = [
        Mistake(
            1501,
            _("There is one batch too many: 48,000 samples are exactly 1,500 batches of 32."),
            _("Add a batch only where samples are left over: `48000 % 32` is 0."),
        ),
        Mistake(48000 * 32, _("The samples are multiplied by the batch size; divide them.")),
    ]
    expect_count(_whole(student.batches_per_epoch(48000)), 1500, mistakes=mistakes)


@check(
    "batches_per_epoch",
    points=0.5,
    needs=[test_batches_per_epoch_chapter],
    title=_("batches_per_epoch counts the last, smaller batch"),
    hint=_("Round up: `math.ceil`, or an integer division and one more batch if something is left over."),
    hints=steps_3.BATCHES_LAST,
)
def test_batches_per_epoch_smaller_last(student: Student, rng: np.random.Generator) -> None:
    """One sample over, one missing, fewer than a batch, and a number between."""
    full = int(rng.integers(100, 2000))
    for samples in (48001, 32 * full + 1, 32 * full + 31, 32 * full + int(rng.integers(2, 31)), 5):
        up = -(-samples // 32)
        mistakes = [
            Mistake(up - 1, _("The last, smaller batch is left out: it counts, however few samples it has.")),
            Mistake(samples / 32, _("The number of batches is not rounded: there is no part of a batch.")),
        ]
        expect_count(_whole(student.batches_per_epoch(samples)), up, mistakes=mistakes, secret=samples != 48001)


@check(
    "batches_per_epoch",
    points=0.5,
    needs=[test_batches_per_epoch_chapter],
    title=_("batches_per_epoch uses the batch size that it is given"),
    hint=_("32 is only the default; compute with `batch_size`."),
    hints=steps_3.BATCHES_SIZE,
)
def test_batches_per_epoch_batch_size(student: Student, rng: np.random.Generator) -> None:
    """Only numbers that come out even, and one batch size that is larger than the samples are many."""
    ignored = _("The batch size is ignored: this is the number for batches of 32.")
    for size in (1, int(rng.integers(33, 64)), int(rng.integers(65, 300))):
        batches = int(rng.integers(20, 200))
        mistakes = [Mistake(count, ignored) for count in (-(-size * batches // 32), size * batches // 32)]
        found = _whole(student.batches_per_epoch(size * batches, size))
        expect_count(found, batches, mistakes=mistakes, secret=True)


@check(
    "batches_per_epoch",
    points=0.25,
    needs=[test_batches_per_epoch_chapter],
    title=_("batches_per_epoch gives 0 for no samples"),
    hint=_("Without samples there is no batch at all."),
    hints=steps_3.BATCHES_ZERO,
)
def test_batches_per_epoch_zero(student: Student) -> None:
    one = Mistake(1, _("No samples make no batch; there is not one."))
    expect_count(_whole(student.batches_per_epoch(0)), 0, mistakes=[one])


@check(
    "batches_per_epoch",
    points=0.25,
    needs=[test_batches_per_epoch_chapter, test_batches_per_epoch_smaller_last],
    title=_("batches_per_epoch returns an integer"),
    hint=_("`/` and `np.ceil` give floats, even where they come out even; `//`, `math.ceil` and `int` give integers."),
    hints=steps_3.BATCHES_INTEGER,
)
def test_batches_per_epoch_integer(student: Student) -> None:
    for samples, batches in ((48000, 1500), (48001, 1501)):
        expect_count(student.batches_per_epoch(samples), batches)


# What the checks have in common ---------------------------------------------------------------------------------------


def _draw_sizes(rng: np.random.Generator, layers: int) -> list[int]:
    """Sizes of `layers` layers and of the inputs, all different and none of the chapter's."""
    return [int(size) for size in rng.choice(np.arange(101, 700), layers + 1, replace=False)]


def _expect_dense_count(student: Student, inputs: int, units: int) -> None:
    mistakes = _count_mistakes([inputs, units]) if inputs > 1 else ()
    found = student.dense_parameter_count(inputs, units)
    expect_count(found, _parameters(inputs, units), mistakes=mistakes, secret=units not in CHAPTER)


def _expect_model_count(student: Student, sizes: Sequence[int]) -> None:
    right = _total(sizes, _parameters)
    counted_inputs = _("The inputs are counted as a layer; they have no parameters.")
    mistakes = [
        *_count_mistakes(sizes),
        Mistake(right + sizes[0], counted_inputs),
        Mistake(right + 2 * sizes[0], counted_inputs),
        Mistake(right + _parameters(sizes[0], sizes[0]), counted_inputs),
    ]
    if len(sizes) > 2:
        all_layers = _("Only one layer is counted; add up all of them.")
        mistakes += [
            _product_mistake(_total(sizes[:2], _parameters) + _total(sizes[1:], _product)),
            Mistake(
                _total(sizes, lambda inputs, units: inputs * units) + sizes[-1],
                _("Only the output layer's biases are counted; every layer has its own."),
            ),
            Mistake(_parameters(*sizes[-2:]), all_layers),
            Mistake(_parameters(*sizes[:2]), all_layers),
        ]
    if len(sizes) > 3:
        two = _("Only the first two layers are counted; the list may have any number of layers.")
        mistakes.append(Mistake(_total(sizes[:3], _parameters), two))
    expect_count(student.model_parameter_count(sizes), right, mistakes=mistakes, secret=list(sizes) != CHAPTER)


def _count_mistakes(sizes: Sequence[int]) -> list[Mistake]:
    """Wrong numbers of parameters for a chain of dense layers of these sizes."""
    return [
        Mistake(
            _total(sizes, lambda inputs, units: inputs * units),
            _("The biases are left out: besides its weights, each unit has one bias."),
        ),
        _product_mistake(_total(sizes, _product)),
        Mistake(
            _total(sizes, lambda inputs, units: inputs * units + inputs),
            _("There is one bias for each input here; a layer has one bias for each unit."),
        ),
        Mistake(
            _total(sizes, lambda inputs, units: inputs * units + 1),
            _("There is one bias for a whole layer here; a layer has one bias for each unit."),
        ),
        Mistake(
            _total(sizes, lambda inputs, units: inputs + units),
            _("Inputs and units are added; each unit has a weight for each input, which makes a product."),
        ),
    ]


def _product_mistake(count: int) -> Mistake:
    return Mistake(
        count,
        _("The biases are multiplied where they must be added: 100 inputs and 10 units make 100 x 10 + 10 parameters."),
        _("Multiply by the units once, and add them once, for the biases."),
    )


def _parameters(inputs: int, units: int) -> int:
    return inputs * units + units


def _product(inputs: int, units: int) -> int:
    """What "100 x 10 x 10" comes to, a misprint in a well-known copy of the chapter."""
    return inputs * units * units


def _total(sizes: Sequence[int], count: Callable[[int, int], int]) -> int:
    return sum(count(inputs, units) for inputs, units in pairwise(sizes))


def _whole(value: Any) -> Any:
    """`value` as an integer where it is a float of the same value, so that the kind of number is not asked here."""
    return int(value) if isinstance(value, float | np.floating) and float(value).is_integer() else value


def _shapes(student: Student, sizes: Sequence[int]) -> list[Any]:
    """What layer_output_shapes gives. Raises CheckFailed unless it is a sequence of sequences."""
    value = student.layer_output_shapes(sizes)
    require(
        value is not None,
        _("{function} returned nothing (None).", function="layer_output_shapes"),
        hint=_("End the function with `return` and the list."),
    )
    require(isinstance(value, list | tuple), _("The result must be a list."), observed=type(value).__name__)
    for shape in value:
        require(
            isinstance(shape, list | tuple),
            _("Each item of the list must be a shape, a tuple such as (None, 100)."),
            expected=_("a tuple"),
            observed=type(shape).__name__,
            hint=_("`(None, units)` in parentheses makes a tuple."),
        )
    return list(value)


def _expect_batch_dimension(shape: tuple[Any, ...]) -> None:
    """Expect None at the beginning of a shape, and nowhere else. Raises CheckFailed, which names what stands there."""
    if shape and shape[0] is None:
        return
    first = shape[0] if shape else None
    if any(length is None for length in shape):
        message = _("None stands behind the units; the batch dimension comes first.")
    elif isinstance(first, str) and first == "None":
        message = _('The batch dimension is the string "None"; write None without quotation marks.')
    elif len(shape) < 2:
        message = _("The batch dimension is left out: a shape begins with None, for any number of samples.")
    else:
        message = _(
            "The batch dimension is given as {number}; it is None, because the model takes any number of samples.",
            number=show(first),
        )
    fail(message, expected="(None, ...)", observed=show(shape))
