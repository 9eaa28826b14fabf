"""Hidden checks of exercise 4: other ways to add layers. 10 points: 3 + 3 + 4.

The first two models are the chapter's, with names; nothing is trained, since exercise 2 has done that. Whether a model
was made with `add()` cannot be seen from the model (`Sequential([...])` calls it itself), so the source is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from grader.checking import (
    LayerSpec,
    Mistake,
    SourceFacts,
    Student,
    check,
    expect,
    expect_kind,
    expect_layers,
    layer,
    require,
)
from grader.checks import steps, steps_4
from grader.checks.models import (
    as_model,
    expect_built,
    expect_fresh,
    expect_input_shape,
    expect_parameters,
    layers_hint,
)
from grader.language import _

INPUT: Final = "keras.Input(shape=(784,))"
LAYER_NAMES: Final = ["hidden", "output"]
MODEL_NAME: Final = "fashion_mnist"


# build_named_model ----------------------------------------------------------------------------------------------------


@check(
    "build_named_model",
    points=0.25,
    title=_("build_named_model returns a keras.Sequential"),
    hint=_("`return keras.Sequential([...], name=...)`"),
    hints=steps.sequential_kind("build_named_model"),
)
def test_build_named_model_kind(answer: Any) -> None:
    expect_kind(answer, "Sequential", function="build_named_model")


@check(
    "build_named_model",
    points=0.5,
    needs=[test_build_named_model_kind],
    title=_("The named model is built for inputs of shape (None, 784)"),
    hint=_("`{example}` says how large one sample is.", example=INPUT),
    hints=steps.inputs("(784,)"),
)
def test_build_named_model_inputs(answer: Any) -> None:
    _expect_rows(answer)


@check(
    "build_named_model",
    points=1,
    needs=[test_build_named_model_inputs],
    title=_("The named model is 100 sigmoid units, then 10 softmax units"),
    hints=steps.layers("sigmoid"),
)
def test_build_named_model_layers(answer: Any) -> None:
    _expect_dense(answer, [100])


@check(
    "build_named_model",
    points=0.25,
    needs=[test_build_named_model_layers],
    title=_("The named model has 79,510 parameters"),
    hints=steps.parameters(),
)
def test_build_named_model_parameters(answer: Any) -> None:
    expect_parameters(answer, 79_510, without_biases=79_400)


@check(
    "build_named_model",
    points=0.5,
    needs=[test_build_named_model_layers],
    title=_("The layers of the named model are called hidden and output"),
    hint=_('`keras.layers.Dense(100, activation="sigmoid", name="hidden")`'),
    hints=steps_4.LAYER_NAMES,
)
def test_build_named_model_layer_names(answer: Any) -> None:
    _expect_layer_names(answer)


@check(
    "build_named_model",
    points=0.25,
    needs=[test_build_named_model_kind],
    title=_("The named model is called fashion_mnist"),
    hint=_('`keras.Sequential([...], name="fashion_mnist")`'),
    hints=steps_4.MODEL_NAME,
)
def test_build_named_model_name(answer: Any) -> None:
    _expect_model_name(answer)


@check(
    "build_named_model",
    points=0.25,
    needs=[test_build_named_model_kind],
    title=_("build_named_model makes a new model at each call"),
    hints=steps.fresh("build_named_model"),
)
def test_build_named_model_fresh(student: Student, answer: Any) -> None:
    expect_fresh(answer, student.build_named_model(), "build_named_model")


# build_model_with_add -------------------------------------------------------------------------------------------------


@check(
    "build_model_with_add",
    points=0.25,
    title=_("build_model_with_add returns a keras.Sequential"),
    hint=_("Begin with `model = keras.Sequential(...)` and end with `return model`."),
    hints=steps.sequential_kind("build_model_with_add"),
)
def test_build_model_with_add_kind(answer: Any) -> None:
    expect_kind(answer, "Sequential", function="build_model_with_add")


@check(
    "build_model_with_add",
    points=0.75,
    needs=[test_build_model_with_add_kind],
    title=_("build_model_with_add calls add()"),
    hint=_("`model.add(keras.layers.Dense(...))`, once for each layer."),
    hints=steps_4.CALLS_ADD,
)
def test_build_model_with_add_calls(source: SourceFacts) -> None:
    require(
        "add" in source.calls("build_model_with_add"),
        _("The code of build_model_with_add never calls `add()`; the layers must be added with it."),
        expected=_("a call of add() in the code"),
        observed=_("no call of add()"),
    )
    require(
        "add" in source.methods("build_model_with_add"),
        _("The `add()` that build_model_with_add calls is not that of a model; the model's own must add the layers."),
        expected=_("a call of the model's add() in the code"),
        observed=_("a call of another add() only"),
    )


@check(
    "build_model_with_add",
    points=0.5,
    needs=[test_build_model_with_add_kind],
    title=_("The model made with add() is built for inputs of shape (None, 784)"),
    hint=_("Add `{example}` first: it says how large one sample is.", example=INPUT),
    hints=steps.inputs("(784,)"),
)
def test_build_model_with_add_inputs(answer: Any) -> None:
    _expect_rows(answer)


@check(
    "build_model_with_add",
    points=0.75,
    needs=[test_build_model_with_add_inputs],
    title=_("The model made with add() is 100 sigmoid units, then 10 softmax units"),
    hints=steps.layers("sigmoid"),
)
def test_build_model_with_add_layers(answer: Any) -> None:
    """With the parameters, which follow from the layers unless the biases are left out."""
    _expect_dense(answer, [100])
    expect_parameters(answer, 79_510, without_biases=79_400)


@check(
    "build_model_with_add",
    points=0.25,
    needs=[test_build_model_with_add_layers],
    title=_("The layers of the model made with add() are called hidden and output"),
    hint=_('`model.add(keras.layers.Dense(100, activation="sigmoid", name="hidden"))`'),
    hints=steps_4.LAYER_NAMES,
)
def test_build_model_with_add_layer_names(answer: Any) -> None:
    _expect_layer_names(answer)


@check(
    "build_model_with_add",
    points=0.25,
    needs=[test_build_model_with_add_kind],
    title=_("The model made with add() is called fashion_mnist"),
    hint=_('`model = keras.Sequential(name="fashion_mnist")`'),
    hints=steps_4.MODEL_NAME,
)
def test_build_model_with_add_name(answer: Any) -> None:
    _expect_model_name(answer)


@check(
    "build_model_with_add",
    points=0.25,
    needs=[test_build_model_with_add_kind],
    title=_("build_model_with_add makes a new model at each call"),
    hints=steps.fresh("build_model_with_add"),
)
def test_build_model_with_add_fresh(student: Student, answer: Any) -> None:
    expect_fresh(answer, student.build_model_with_add(), "build_model_with_add")


# build_deep_model -----------------------------------------------------------------------------------------------------


@check(
    "build_deep_model",
    points=0.25,
    title=_("build_deep_model returns a keras.Sequential"),
    hint=_("Begin with `model = keras.Sequential(...)` and end with `return model`."),
    hints=steps.sequential_kind("build_deep_model"),
)
def test_build_deep_model_kind(student: Student) -> None:
    expect_kind(student.build_deep_model([100]), "Sequential", function="build_deep_model")


@check(
    "build_deep_model",
    points=0.5,
    needs=[test_build_deep_model_kind],
    title=_("The deep model is built for inputs of shape (None, 784)"),
    hint=_("Add `{example}` before the loop.", example=INPUT),
    hints=steps.inputs("(784,)"),
)
def test_build_deep_model_inputs(student: Student, rng: np.random.Generator) -> None:
    _expect_rows(student.build_deep_model(_draw_units(rng, 2)))


@check(
    "build_deep_model",
    points=0.75,
    needs=[test_build_deep_model_inputs],
    visibility="public",  # the layers that are compared show the numbers
    title=_("build_deep_model makes one hidden layer for a list of one number"),
    hints=steps_4.ONE_HIDDEN,
)
def test_build_deep_model_one(student: Student, rng: np.random.Generator) -> None:
    """With its outputs and parameters, which follow from the layers unless the biases are left out."""
    (units,) = _draw_units(rng, 1)
    model = student.build_deep_model([units])
    _expect_dense(model, [units])
    weights = 784 * units + units * 10
    expect_parameters(model, weights + units + 10, without_biases=weights)


@check(
    "build_deep_model",
    points=1.25,
    needs=[test_build_deep_model_one],
    visibility="public",  # the layers that are compared show the numbers
    title=_("build_deep_model makes a hidden layer for each number, in order"),
    hint=_("Go through the list in a loop, and add one sigmoid layer for each number."),
    hints=steps_4.SEVERAL_HIDDEN,
)
def test_build_deep_model_several(student: Student, rng: np.random.Generator) -> None:
    """Two to five layers, all of different sizes."""
    for count in (2, 3, int(rng.integers(4, 6))):
        units = _draw_units(rng, count)
        model = student.build_deep_model(units)
        found = [getattr(each, "units", None) for each in as_model(model).layers[:-1]]
        require(
            found != units[::-1],
            _("The hidden layers stand in the opposite order: the first number is the first layer."),
            expected=str(units),
            observed=str(found),
        )
        _expect_dense(model, units)


@check(
    "build_deep_model",
    points=0.5,
    needs=[test_build_deep_model_one],
    title=_("build_deep_model makes the output layer alone for an empty list"),
    hint=_("`hidden_units[0]` does not exist in an empty list; a loop over it simply does nothing."),
    hints=steps_4.NO_HIDDEN,
)
def test_build_deep_model_none(student: Student) -> None:
    model = student.build_deep_model([])
    expect_kind(model, "Sequential", function="build_deep_model")
    _expect_rows(model)
    _expect_dense(model, [])


@check(
    "build_deep_model",
    points=0.25,
    needs=[test_build_deep_model_several],
    title=_("build_deep_model takes a tuple as well as a list"),
    hint=_("Only go through the numbers; lists can do more than tuples, such as `append` and `pop`."),
    hints=steps_4.DEEP_TUPLE,
)
def test_build_deep_model_tuple(student: Student, rng: np.random.Generator) -> None:
    units = _draw_units(rng, 3)
    _expect_dense(student.build_deep_model(tuple(units)), units)


@check(
    "build_deep_model",
    points=0.5,
    needs=[test_build_deep_model_kind],
    title=_("build_deep_model makes a new model at each call"),
    hints=steps.fresh("build_deep_model"),
)
def test_build_deep_model_fresh(student: Student) -> None:
    """Twice the same list, which a memory of earlier models would find again."""
    expect_fresh(student.build_deep_model([64]), student.build_deep_model([64]), "build_deep_model")


# What the checks have in common ---------------------------------------------------------------------------------------


def _draw_units(rng: np.random.Generator, count: int) -> list[int]:
    """Sizes of hidden layers, all different, and small so that many layers stay quick."""
    return [int(units) for units in rng.choice(np.arange(11, 150), count, replace=False)]


def _expect_rows(model: Any) -> None:
    expect_built(model, INPUT)
    expect_input_shape(model, (784,))


def _expect_dense(model: Any, hidden: Sequence[int]) -> None:
    """Expect sigmoid layers of these units, then ten softmax units, under any names. Raises CheckFailed."""
    layers: list[LayerSpec] = [layer("Dense", units=units, activation="sigmoid") for units in hidden]
    layers.append(layer("Dense", units=10, activation="softmax"))
    expect_layers(model, layers, hint=layers_hint(model, hidden="sigmoid", dense=len(layers)))


def _expect_layer_names(model: Any) -> None:
    names = [str(each.name) for each in as_model(model).layers]
    mistakes = [
        Mistake(LAYER_NAMES[::-1], _("The two names are exchanged: the first layer is hidden, the last one output.")),
        Mistake(
            lambda found: [name.lower() for name in found] == LAYER_NAMES,
            _("Capitals matter in names: hidden and output are written small."),
        ),
        Mistake(
            lambda found: all(name.startswith("dense") for name in found),
            _("The layers have the names that Keras gives by itself; give them yours with `name=`."),
        ),
    ]
    expect(names, LAYER_NAMES, mistakes=mistakes)


def _expect_model_name(model: Any) -> None:
    mistakes = [
        Mistake(
            lambda name: name.startswith("sequential"),
            _("The model has the name that Keras gives by itself; give it yours with `name=`."),
        ),
        Mistake(
            lambda name: name.lower().replace("-", "_") == MODEL_NAME,
            _("The name is almost right: it is fashion_mnist, small and with an underscore."),
        ),
    ]
    expect(str(as_model(model).name), MODEL_NAME, mistakes=mistakes)
