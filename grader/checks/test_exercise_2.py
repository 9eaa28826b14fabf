"""Hidden checks of exercise 2: the two-layer model. 10 points: 2 + 2 + 6.

The chapter's model has 78,500 + 1,010 = 79,510 parameters. Trained by the grader (RMSprop, five epochs, batch 32, seed
42, 9,600 images) it reaches 0.849 on the 2,400 validation images; over 24 other seeds 0.823 to 0.853, mean 0.843,
standard deviation 0.006. The threshold of 0.80 is more than six standard deviations below that mean.
"""

from __future__ import annotations

from typing import Any, Final

from grader.checking import Mistake, Student, check, expect, expect_kind, expect_layers, layer
from grader.checks import steps, steps_2
from grader.checks.models import (
    Train,
    activation_of,
    expect_built,
    expect_fresh,
    expect_input_shape,
    expect_learning,
    expect_parameters,
    hidden_mistakes,
    layers_hint,
    output_mistakes,
    output_unit_mistakes,
)
from grader.language import _

INPUT: Final = "keras.Input(shape=(784,))"
THRESHOLD: Final = 0.80


# build_hidden_layer ---------------------------------------------------------------------------------------------------


@check(
    "build_hidden_layer",
    points=0.5,
    title=_("build_hidden_layer returns a Dense layer"),
    hint=_("`return keras.layers.Dense(...)`"),
    hints=steps.dense_kind("build_hidden_layer"),
)
def test_build_hidden_layer_kind(answer: Any) -> None:
    expect_kind(answer, "Dense", function="build_hidden_layer")


@check(
    "build_hidden_layer",
    points=0.5,
    needs=[test_build_hidden_layer_kind],
    title=_("The hidden layer has 100 units"),
    hint=_("The first argument of `Dense` is the number of units."),
    hints=steps_2.HIDDEN_UNITS,
)
def test_build_hidden_layer_units(answer: Any) -> None:
    mistakes = [
        Mistake(10, _("Ten units are those of the output layer; the hidden layer has 100.")),
        Mistake(784, _("784 is the number of inputs; the hidden layer has 100 units.")),
    ]
    expect(getattr(answer, "units", None), 100, mistakes=mistakes)


@check(
    "build_hidden_layer",
    points=0.75,
    needs=[test_build_hidden_layer_kind],
    title=_("The hidden layer has the sigmoid activation"),
    hint=_('`Dense` takes it as `activation="sigmoid"`.'),
    hints=steps_2.HIDDEN_ACTIVATION,
)
def test_build_hidden_layer_activation(answer: Any) -> None:
    expect(activation_of(answer), "sigmoid", mistakes=hidden_mistakes())


@check(
    "build_hidden_layer",
    points=0.25,
    needs=[test_build_hidden_layer_kind],
    title=_("build_hidden_layer makes a new layer at each call"),
    hints=steps.fresh("build_hidden_layer"),
)
def test_build_hidden_layer_fresh(student: Student, answer: Any) -> None:
    expect_fresh(answer, student.build_hidden_layer(), "build_hidden_layer")


# build_output_layer ---------------------------------------------------------------------------------------------------


@check(
    "build_output_layer",
    points=0.5,
    title=_("build_output_layer returns a Dense layer"),
    hint=_("`return keras.layers.Dense(...)`"),
    hints=steps.dense_kind("build_output_layer"),
)
def test_build_output_layer_kind(answer: Any) -> None:
    expect_kind(answer, "Dense", function="build_output_layer")


@check(
    "build_output_layer",
    points=0.5,
    needs=[test_build_output_layer_kind],
    title=_("The output layer has one unit for each class"),
    hint=_("Fashion-MNIST has ten classes."),
    hints=steps_2.OUTPUT_UNITS,
)
def test_build_output_layer_units(answer: Any) -> None:
    expect(getattr(answer, "units", None), 10, mistakes=output_unit_mistakes())


@check(
    "build_output_layer",
    points=0.75,
    needs=[test_build_output_layer_kind],
    title=_("The output layer has the softmax activation"),
    hint=_('`Dense` takes it as `activation="softmax"`.'),
    hints=steps_2.OUTPUT_ACTIVATION,
)
def test_build_output_layer_activation(answer: Any) -> None:
    expect(activation_of(answer), "softmax", mistakes=output_mistakes())


@check(
    "build_output_layer",
    points=0.25,
    needs=[test_build_output_layer_kind],
    title=_("build_output_layer makes a new layer at each call"),
    hints=steps.fresh("build_output_layer"),
)
def test_build_output_layer_fresh(student: Student, answer: Any) -> None:
    expect_fresh(answer, student.build_output_layer(), "build_output_layer")


# build_model ----------------------------------------------------------------------------------------------------------


@check(
    "build_model",
    points=0.5,
    title=_("build_model returns a keras.Sequential"),
    hint=_("`return keras.Sequential([...])`, with the input and the two layers in the list."),
    hints=steps.sequential_kind("build_model"),
)
def test_build_model_kind(answer: Any) -> None:
    expect_kind(answer, "Sequential", function="build_model")


@check(
    "build_model",
    points=0.5,
    needs=[test_build_model_kind],
    title=_("build_model returns a model that is built, for any number of samples"),
    hints=steps.inputs("(784,)"),
)
def test_build_model_built(answer: Any) -> None:
    expect_built(answer, INPUT)


@check(
    "build_model",
    points=1,
    needs=[test_build_model_built],
    title=_("The model takes inputs of shape (None, 784)"),
    hint=_("`{example}` says how large one sample is.", example=INPUT),
    hints=steps.inputs("(784,)"),
)
def test_build_model_input_shape(answer: Any) -> None:
    expect_input_shape(answer, (784,))


@check(
    "build_model",
    points=1.5,
    needs=[test_build_model_built],
    title=_("The model is 100 sigmoid units, then 10 softmax units, and nothing else"),
    hints=steps.layers("sigmoid"),
)
def test_build_model_layers(answer: Any) -> None:
    """Whatever its inputs are."""
    expect_layers(
        answer,
        [layer("Dense", units=100, activation="sigmoid"), layer("Dense", units=10, activation="softmax")],
        hint=layers_hint(answer, hidden="sigmoid", dense=2),
    )


@check(
    "build_model",
    points=0.5,
    needs=[test_build_model_input_shape, test_build_model_layers],
    title=_("The model has outputs of shape (None, 10) and 79,510 parameters"),
    hint=_("784 x 100 + 100 parameters in the hidden layer, and 100 x 10 + 10 in the output layer."),
    hints=steps.parameters(),
)
def test_build_model_parameters(answer: Any) -> None:
    expect_parameters(answer, 784 * 100 + 100 + 100 * 10 + 10, without_biases=784 * 100 + 100 * 10)


@check(
    "build_model",
    points=0.75,
    needs=[test_build_model_kind],
    title=_("build_model makes a new model at each call"),
    hints=steps.fresh("build_model"),
)
def test_build_model_fresh(student: Student, answer: Any) -> None:
    expect_fresh(answer, student.build_model(), "build_model")


@check(
    "build_model",
    points=1.25,
    needs=[test_build_model_parameters],
    title=_("The model learns: at least 0.80 on the validation images after five epochs"),
    hint=_("Are all layers trainable, and are weights and inputs left to Keras's own settings?"),
    hints=steps.accuracy(),
)
def test_build_model_accuracy(answer: Any, train: Train) -> None:
    expect_learning(answer, train, inputs="flat", threshold=THRESHOLD)
