"""Hidden checks of exercise 5: ReLU. 10 points: 4 + 6.

Trained by the grader (RMSprop, five epochs, batch 32, seed 42, 9,600 images) the model reaches 0.858 on the 2,400
validation images; over 24 other seeds 0.819 to 0.861, mean 0.845, standard deviation 0.011. The threshold of 0.79 is
five standard deviations below that mean, and far above what models reach that do not learn (`benchmarks/thresholds.py`
measures all this).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from grader.checking import (
    Mistake,
    Student,
    check,
    expect_array,
    expect_kind,
    expect_layers,
    expect_unchanged,
    fail,
    layer,
    require,
)
from grader.checks import steps, steps_5
from grader.checks.models import (
    Train,
    activation_of,
    as_model,
    expect_built,
    expect_fresh,
    expect_input_shape,
    expect_learning,
    expect_parameters,
    layers_hint,
)
from grader.checks.pixels import close
from grader.language import _

INPUT: Final = "keras.Input(shape=(28, 28))"
THRESHOLD: Final = 0.79


# relu -----------------------------------------------------------------------------------------------------------------


@check(
    "relu",
    points=0.5,
    title=_("relu returns an array of the same shape"),
    hint=_("`np.maximum` works element by element, whatever the shape."),
    hints=steps_5.RELU_SHAPE,
)
def test_relu_shape(student: Student, rng: np.random.Generator) -> None:
    """One to four dimensions, whatever the values."""
    for dimensions in (1, 2, 3, 4):
        z = rng.normal(0, 3, tuple(rng.integers(2, 6, dimensions)))
        value = student.relu(z)
        require(
            value is not None,
            _("{function} returned nothing (None).", function="relu"),
            hint=_("End the function with `return` and what you have computed; `print` hands nothing on."),
        )
        require(
            not isinstance(value, list | tuple),
            _("{function} must return a NumPy array.", function="relu"),
            expected=_("an array of the same shape"),
            observed=type(value).__name__,
            hint=_("`np.maximum(0, z)` works on all elements at once and makes an array; a list has no shape."),
        )
        require(
            isinstance(value, np.ndarray) and value.ndim > 0,
            _("relu made one value of a whole array; it works on each element by itself."),
            expected=_("an array of the same shape"),
            observed=type(value).__name__,
            hint=_("Python's `max` and NumPy's `np.max` pick one element; `np.maximum(0, z)` compares each with 0."),
        )
        require(
            value.size == z.size,
            _("Elements were lost: relu replaces negative ones by 0, and picks none out."),
            expected=str(z.shape),
            observed=str(value.shape),
            hint=_("`z[z > 0]` picks out the positive elements only."),
        )
        require(
            value.shape == z.shape,
            _("The shape was changed; relu returns the shape that it was given."),
            expected=str(z.shape),
            observed=str(value.shape),
        )


@check(
    "relu",
    points=1.5,
    needs=[test_relu_shape],
    title=_("relu makes negative elements 0 and keeps the others"),
    hint=_("Each element is compared with 0 by itself, and the larger one stays."),
    hints=steps_5.RELU_VALUES,
)
def test_relu_values(student: Student, rng: np.random.Generator) -> None:
    """Small and large numbers, both zeros, and a negative number first."""
    # The first ones are those that a student is shown, so each known mistake changes one of them.
    z = np.concatenate([[-2.5, 7.25, 0.5, -0.75, 0.0, -0.0], rng.normal(0, 1, 20), rng.normal(0, 50, 20)])
    right = np.maximum(z, 0)
    with np.errstate(all="ignore"):
        sigmoid = 1 / (1 + np.exp(-z))
    candidates = [
        (np.abs(z), _("Negative elements lost their sign; they become 0.")),
        (np.minimum(z, 0), _("This is the smaller of 0 and the element; relu takes the larger one.")),
        (z > 0, _("The result says which elements are positive; relu returns the elements themselves.")),
        (z, _("Nothing was changed: negative elements become 0.")),
        (sigmoid, _("This is the sigmoid, not ReLU.")),
        (np.tanh(z), _("This is the hyperbolic tangent, not ReLU.")),
        (np.minimum(right, 1), _("Large elements are cut off at 1; ReLU has no upper limit.")),
        (np.minimum(right, 6), _("Large elements are cut off at 6 (that is ReLU6); ReLU has no upper limit.")),
        (np.trunc(right), _("The fractions are lost: the result was turned into integers.")),
        (np.maximum(-z, 0), _("The sign is exchanged: positive elements stay, and negative ones become 0.")),
        (np.logaddexp(0, z), _("This is the softplus, a smooth relative of ReLU.")),
        *(
            (np.where(z > 0, z, slope * z), _("Negative elements are kept in part (a leaky ReLU); they become 0."))
            for slope in (0.01, 0.1, 0.2, 0.3)
        ),
    ]
    mistakes = [
        Mistake(lambda observed, wrong=wrong: close(np.asarray(observed, float), wrong.astype(float)), message)
        for wrong, message in candidates
    ]
    expect_array(student.relu(z), right, mistakes=mistakes)


@check(
    "relu",
    points=0.5,
    needs=[test_relu_values],
    title=_("relu takes a single number as well"),
    hint=_("A number has no shape and cannot be indexed; `np.maximum(0, z)` takes numbers and arrays alike."),
    hints=steps_5.RELU_NUMBER,
)
def test_relu_number(student: Student, rng: np.random.Generator) -> None:
    """Positive and negative floats, and integers; an array of no dimensions will do as an answer."""
    for z in (float(rng.uniform(1, 9)), -float(rng.uniform(1, 9)), 0.0, int(rng.integers(2, 9)), -3):
        value = student.relu(z)
        require(
            value is not None,
            _("{function} returned nothing (None).", function="relu"),
            hint=_("End the function with `return` and what you have computed; `print` hands nothing on."),
        )
        expect_array(value, np.asarray(max(z, 0)))


@check(
    "relu",
    points=0.5,
    needs=[test_relu_values],
    title=_("relu keeps infinity, and makes 0 of negative infinity"),
    hint=_("Infinity times 0 is no number, so that multiplying fails; `np.maximum(0, z)` compares instead."),
    hints=steps_5.RELU_INFINITY,
)
def test_relu_infinity(student: Student) -> None:
    z = np.array([np.inf, 1.5, -np.inf, -1.5])
    mistakes = [
        Mistake(
            lambda observed: bool(np.isnan(observed[2])),
            _("Negative infinity became NaN: infinity times 0 is no number, and neither is infinity minus infinity."),
        ),
        Mistake(lambda observed: bool(np.isfinite(observed[0])), _("Infinity did not stay infinity.")),
    ]
    expect_array(student.relu(z), np.array([np.inf, 1.5, 0, 0]), mistakes=mistakes)


@check(
    "relu",
    points=0.5,
    needs=[test_relu_values],
    title=_("relu keeps NaN"),
    hint=_("A comparison with NaN is always false, so `np.where(z > 0, z, 0)` makes 0 of it; `np.maximum` keeps it."),
    hints=steps_5.RELU_NAN,
)
def test_relu_nan(student: Student) -> None:
    z = np.array([np.nan, 1.5, -1.5, np.nan])
    mistakes = [
        Mistake(
            lambda observed: bool(np.all(np.isfinite(observed))),
            _("NaN became a number; it must stay NaN, so that a mistake upstream is not hidden."),
        )
    ]
    expect_array(student.relu(z), np.array([np.nan, 1.5, 0, np.nan]), mistakes=mistakes)


@check(
    "relu",
    points=0.5,
    needs=[test_relu_shape],
    title=_("relu leaves its argument as it was"),
    hint=_("`z[z < 0] = 0` writes into the array that was given; make a new one instead."),
    hints=steps_5.RELU_UNCHANGED,
)
def test_relu_unchanged(student: Student, rng: np.random.Generator) -> None:
    z = rng.normal(0, 3, (3, 4))
    expect_unchanged(student.observe("relu", z.copy()), 0, z)


# build_relu_model -----------------------------------------------------------------------------------------------------


@check(
    "build_relu_model",
    points=0.5,
    title=_("build_relu_model returns a keras.Sequential"),
    hint=_("`return keras.Sequential([...])`, with the input and the three layers in the list."),
    hints=steps.sequential_kind("build_relu_model"),
)
def test_build_relu_model_kind(answer: Any) -> None:
    expect_kind(answer, "Sequential", function="build_relu_model")


@check(
    "build_relu_model",
    points=0.75,
    needs=[test_build_relu_model_kind],
    title=_("The ReLU model is built for inputs of shape (None, 28, 28)"),
    hint=_("`{example}` says how large one image is.", example=INPUT),
    hints=steps.inputs("(28, 28)"),
)
def test_build_relu_model_inputs(answer: Any) -> None:
    expect_built(answer, INPUT)
    expect_input_shape(answer, (28, 28))


@check(
    "build_relu_model",
    points=1,
    needs=[test_build_relu_model_inputs],
    title=_("A Flatten layer comes first"),
    hint=_("`keras.layers.Flatten()` makes rows of the images, and stands before the first Dense layer."),
    hints=steps_5.FLATTEN_FIRST,
)
def test_build_relu_model_flatten(answer: Any) -> None:
    """Whatever the layers behind it are."""
    kinds = [type(each).__name__ for each in as_model(answer).layers]
    if kinds[:1] == ["Flatten"]:
        return
    expected, observed = _("Flatten first"), ", ".join(kinds[:8])
    if "Flatten" in kinds:
        fail(
            _("The Flatten layer stands too late: before it, Dense works on each row of 28 pixels by itself."),
            expected=expected,
            observed=observed,
        )
    if kinds[:1] == ["Reshape"]:
        fail(
            _("A Reshape layer does the same here; the exercise asks for a Flatten layer."),
            expected=expected,
            observed=observed,
        )
    fail(
        _("The Flatten layer is missing: Dense would work on each row of 28 pixels by itself."),
        expected=expected,
        observed=observed,
    )


@check(
    "build_relu_model",
    points=1.5,
    needs=[test_build_relu_model_flatten],
    title=_("After Flatten come 100 ReLU units, then 10 softmax units"),
    hints=steps.layers("relu"),
)
def test_build_relu_model_layers(answer: Any) -> None:
    asked = [
        layer("Flatten"),
        layer("Dense", units=100, activation="relu"),
        layer("Dense", units=10, activation="softmax"),
    ]
    expect_layers(answer, asked, hint=_hidden_hint(answer) or layers_hint(answer, hidden="relu", dense=2))


@check(
    "build_relu_model",
    points=0.5,
    needs=[test_build_relu_model_layers],
    title=_("The ReLU model has outputs of shape (None, 10) and 79,510 parameters"),
    hint=_("784 x 100 + 100 parameters, then 100 x 10 + 10. Flatten has none."),
    hints=steps.parameters(),
)
def test_build_relu_model_parameters(answer: Any) -> None:
    expect_parameters(answer, 79_510, without_biases=79_400)


@check(
    "build_relu_model",
    points=0.5,
    needs=[test_build_relu_model_kind],
    title=_("build_relu_model makes a new model at each call"),
    hints=steps.fresh("build_relu_model"),
)
def test_build_relu_model_fresh(student: Student, answer: Any) -> None:
    expect_fresh(answer, student.build_relu_model(), "build_relu_model")


@check(
    "build_relu_model",
    points=1.25,
    needs=[test_build_relu_model_parameters],
    title=_("The ReLU model learns: at least 0.79 on the validation images after five epochs"),
    hint=_("Are all layers trainable, and are weights and inputs left to Keras's own settings?"),
    hints=steps.accuracy(),
)
def test_build_relu_model_accuracy(answer: Any, train: Train) -> None:
    expect_learning(answer, train, inputs="images", threshold=THRESHOLD)


# What the checks have in common ---------------------------------------------------------------------------------------


def _hidden_hint(model: Any) -> Any:
    hidden = [each for each in as_model(model).layers[:-1] if type(each).__name__ == "Dense"]
    if any(activation_of(each) == "sigmoid" for each in hidden):
        return _('Sigmoid was the last chapter; the hidden layer takes `activation="relu"` now.')
    if any(activation_of(each) == "softmax" for each in hidden):
        return _("Softmax belongs to the output layer; the hidden layer takes relu.")
    return None
