"""Hidden checks of exercise 6: optimizers. 10 points: five times 1, 2 and 3.

The points of build_classifier grow with the accuracy on the grader's test images, in a straight line from 0.70 (none;
guessing gives 0.10, and SGD with a rate of 0.01 on sigmoid units 0.72) to 0.78 (all). 100 ReLU units with Adam reach
0.858 in the grader's training (five epochs, batch 32, seed 42, 9,600 images); over 24 other seeds 0.802 to 0.864, mean
0.848, standard deviation 0.012. A sensible design is five of these above the upper end, so that no luck of the seed
costs it points.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from grader.checking import (
    Mistake,
    Student,
    award,
    check,
    diagnose_history,
    expect,
    expect_kind,
    expect_shape,
    fail,
    measured_accuracy,
    origin,
    require,
    same_object,
)
from grader.checks import steps_6
from grader.checks.compiled import (
    design_hint,
    expect_accuracy_metric,
    expect_no_loss_weights,
    expect_sparse_loss,
    require_compiled,
    share_between,
    small_model,
)
from grader.checks.models import Train, as_model, expect_built, expect_input_shape, output_unit_mistakes
from grader.checks.optimizers import expect_new, expect_rate, fresh_check, kind_check, settings_of
from grader.language import _

INPUT: Final = "keras.Input(shape=(28, 28))"
MOST_PARAMETERS: Final = 300_000
NO_POINTS_BELOW: Final = 0.70
ALL_POINTS_FROM: Final = 0.78


# make_sgd, make_nesterov_sgd, make_adagrad, make_rmsprop, make_adam ---------------------------------------------------


@kind_check("make_sgd", "SGD")
def test_make_sgd_kind(student: Student) -> None:
    expect_kind(student.make_sgd(), "SGD", function="make_sgd")


@check(
    "make_sgd",
    points=0.4,
    needs=[test_make_sgd_kind],
    title=_("make_sgd sets the learning rate 0.1, and no momentum"),
    hint=_("`keras.optimizers.SGD(learning_rate=0.1)`"),
    hints=steps_6.rate("SGD"),
)
def test_make_sgd_settings(student: Student) -> None:
    optimizer = student.make_sgd()
    expect_rate(optimizer, 0.1, default=0.01)
    momentum = [Mistake(0.9, _("This optimizer has momentum 0.9; that is for make_nesterov_sgd."))]
    expect(settings_of(optimizer).get("momentum"), 0.0, mistakes=momentum)


@fresh_check("make_sgd", needs=[test_make_sgd_kind])
def test_make_sgd_fresh(student: Student) -> None:
    expect_new(student.make_sgd(), student.make_sgd(), "make_sgd")


@kind_check("make_nesterov_sgd", "SGD")
def test_make_nesterov_sgd_kind(student: Student) -> None:
    expect_kind(student.make_nesterov_sgd(), "SGD", function="make_nesterov_sgd")


@check(
    "make_nesterov_sgd",
    points=0.4,
    needs=[test_make_nesterov_sgd_kind],
    title=_("make_nesterov_sgd sets Nesterov momentum 0.9, and leaves the learning rate alone"),
    hint=_("`keras.optimizers.SGD(momentum=0.9, nesterov=True)`"),
    hints=steps_6.NESTEROV_SETTINGS,
)
def test_make_nesterov_sgd_settings(student: Student) -> None:
    optimizer = student.make_nesterov_sgd()
    settings = settings_of(optimizer)
    no_momentum = [Mistake(0.0, _("The momentum is missing: without it, Nesterov has nothing to accelerate."))]
    expect(settings.get("momentum"), 0.9, mistakes=no_momentum)
    expect(settings.get("nesterov"), True, _("This is plain momentum; Nesterov's has to be switched on."))  # noqa: FBT003 - a value
    expect(
        settings.get("learning_rate"),
        0.01,
        _("The learning rate is to stay at Keras's default: leave `learning_rate` out."),
    )


@fresh_check("make_nesterov_sgd", needs=[test_make_nesterov_sgd_kind])
def test_make_nesterov_sgd_fresh(student: Student) -> None:
    expect_new(student.make_nesterov_sgd(), student.make_nesterov_sgd(), "make_nesterov_sgd")


@kind_check("make_adagrad", "Adagrad")
def test_make_adagrad_kind(student: Student) -> None:
    expect_kind(student.make_adagrad(), "Adagrad", function="make_adagrad")


@check(
    "make_adagrad",
    points=0.4,
    needs=[test_make_adagrad_kind],
    title=_("make_adagrad sets the learning rate 0.1"),
    hint=_("`keras.optimizers.Adagrad(learning_rate=0.1)`"),
    hints=steps_6.rate("Adagrad"),
)
def test_make_adagrad_settings(student: Student) -> None:
    expect_rate(student.make_adagrad(), 0.1, default=0.001)


@fresh_check("make_adagrad", needs=[test_make_adagrad_kind])
def test_make_adagrad_fresh(student: Student) -> None:
    expect_new(student.make_adagrad(), student.make_adagrad(), "make_adagrad")


@kind_check("make_rmsprop", "RMSprop")
def test_make_rmsprop_kind(student: Student) -> None:
    expect_kind(student.make_rmsprop(), "RMSprop", function="make_rmsprop")


@check(
    "make_rmsprop",
    points=0.4,
    needs=[test_make_rmsprop_kind],
    title=_("make_rmsprop sets the learning rate 0.001"),
    hint=_("`keras.optimizers.RMSprop(learning_rate=0.001)`"),
    hints=steps_6.rate("RMSprop"),
)
def test_make_rmsprop_settings(student: Student) -> None:
    expect_rate(student.make_rmsprop(), 0.001, default=0.001)


@fresh_check("make_rmsprop", needs=[test_make_rmsprop_kind])
def test_make_rmsprop_fresh(student: Student) -> None:
    expect_new(student.make_rmsprop(), student.make_rmsprop(), "make_rmsprop")


@kind_check("make_adam", "Adam")
def test_make_adam_kind(student: Student) -> None:
    expect_kind(student.make_adam(), "Adam", function="make_adam")


@check(
    "make_adam",
    points=0.4,
    needs=[test_make_adam_kind],
    title=_("make_adam sets the learning rate 0.001"),
    hint=_("`keras.optimizers.Adam(learning_rate=0.001)`"),
    hints=steps_6.rate("Adam"),
)
def test_make_adam_settings(student: Student) -> None:
    expect_rate(student.make_adam(), 0.001, default=0.001)


@fresh_check("make_adam", needs=[test_make_adam_kind])
def test_make_adam_fresh(student: Student) -> None:
    expect_new(student.make_adam(), student.make_adam(), "make_adam")


# compile_model --------------------------------------------------------------------------------------------------------


@check(
    "compile_model",
    points=0.5,
    title=_("compile_model compiles the model that it was given, and returns it"),
    hint=_("`compile()` returns nothing: call it on one line, and `return model` on the next."),
    hints=steps_6.COMPILE_RETURNS,
)
def test_compile_model_returns(student: Student) -> None:
    call = student.observe("compile_model", small_model(), "adam")
    if call.value is None:
        fail(
            _("compile_model returned nothing (None): `compile()` itself returns nothing."),
            expected=_("the model that was given"),
            observed="None",
        )
    expect_kind(call.value, ["Sequential", "Model"], function="compile_model")
    require(
        same_object(call.value, call.arguments[0]),
        _("This is another model than the one that was given; compile the one that you get, and return it."),
        expected=_("the model that was given"),
        observed=_("another model"),
        hint=_("Call `compile` on the parameter itself, without `clone_model` and without making a model."),
    )
    require_compiled(call.value)


@check(
    "compile_model",
    points=0.5,
    needs=[test_compile_model_returns],
    title=_("compile_model uses sparse categorical cross-entropy, of probabilities"),
    hint=_('`loss="sparse_categorical_crossentropy"`'),
    hints=steps_6.COMPILE_LOSS,
)
def test_compile_model_loss(student: Student) -> None:
    """Logits are told by the loss's configuration: after softmax, `from_logits=True` changes no number."""
    settings = require_compiled(student.compile_model(small_model(), "adam"))
    expect_sparse_loss(settings)
    require(
        not settings.from_logits,
        _("from_logits=True tells the loss that there is no softmax; this model has one."),
        expected="from_logits=False",
        observed="from_logits=True",
        hint=_("Leave `from_logits` out, or give the loss by its name."),
    )


@check(
    "compile_model",
    points=0.25,
    needs=[test_compile_model_returns],
    title=_("compile_model measures accuracy"),
    hint=_('`metrics=["accuracy"]`'),
    hints=steps_6.COMPILE_METRICS,
)
def test_compile_model_metrics(student: Student) -> None:
    expect_accuracy_metric(student.compile_model(small_model(), "adam"))


@check(
    "compile_model",
    points=0.5,
    needs=[test_compile_model_returns],
    title=_("compile_model uses the optimizer object that it is given, with its settings"),
    hint=_("`optimizer=optimizer` passes the object on as it is."),
    hints=steps_6.COMPILE_OPTIMIZER,
)
def test_compile_model_optimizer(student: Student, rng: np.random.Generator) -> None:
    """Three classes, each with a learning rate that is no default, and with a name that `compile()` would take."""
    import keras  # noqa: PLC0415 - takes long to import

    for kind, default in (("SGD", 0.01), ("RMSprop", 0.001), ("Adam", 0.001)):
        rate = round(float(rng.uniform(0.02, 0.09)), 4)
        optimizer = getattr(keras.optimizers, kind)(learning_rate=rate, name=kind.lower())
        settings = require_compiled(student.compile_model(small_model(), optimizer))
        expect(
            settings.optimizer_name,
            kind,
            _("The model was compiled with another optimizer than the one that was given."),
        )
        renewed = [
            Mistake(
                default,
                _("The settings of the optimizer are lost: a new one with default settings was made in its place."),
            )
        ]
        expect(settings.optimizer_config.get("learning_rate"), rate, mistakes=renewed)


@check(
    "compile_model",
    points=0.25,
    needs=[test_compile_model_returns],
    title=_("compile_model takes the name of an optimizer as well"),
    hint=_("`compile(optimizer=...)` takes names and objects alike; there is nothing to convert."),
    hints=steps_6.COMPILE_NAME,
)
def test_compile_model_name(student: Student) -> None:
    """Names that nobody writes into the code by habit."""
    for name, kind in (("adagrad", "Adagrad"), ("nadam", "Nadam")):
        settings = require_compiled(student.compile_model(small_model(), name))
        expect(
            settings.optimizer_name.lower(),
            kind.lower(),
            _("The model was compiled with another optimizer than the one whose name was given."),
        )


# build_classifier -----------------------------------------------------------------------------------------------------


@check(
    "build_classifier",
    points=0.5,
    title=_("build_classifier returns a Keras model, built for images of shape (28, 28)"),
    hint=_("`{example}` comes first; the images are scaled, and not flattened.", example=INPUT),
    hints=steps_6.CLASSIFIER_INPUTS,
)
def test_build_classifier_inputs(answer: Any) -> None:
    expect_kind(answer, ["Sequential", "Model"], function="build_classifier")
    expect_built(answer, INPUT)
    expect_input_shape(answer, (28, 28))


@check(
    "build_classifier",
    points=0.25,
    needs=[test_build_classifier_inputs],
    title=_("The classifier has ten outputs"),
    hint=_("The last layer is `Dense(10, ...)`, on rows of numbers."),
    hints=steps_6.CLASSIFIER_OUTPUTS,
)
def test_build_classifier_outputs(answer: Any) -> None:
    mistakes = [Mistake((None, each.value), each.message) for each in output_unit_mistakes()]
    flatten = _("The images were never flattened: Dense works on each row of 28 pixels by itself.")
    mistakes.append(Mistake((None, 28, 10), flatten, _("Put a Flatten layer before the first Dense layer.")))
    expect_shape(origin(answer).facts.get("output_shape"), (None, 10), mistakes=mistakes)


@check(
    "build_classifier",
    points=0.25,
    needs=[test_build_classifier_inputs],
    title=_("The classifier is compiled, with a loss for class numbers"),
    hint=_('`model.compile(optimizer=..., loss="sparse_categorical_crossentropy", metrics=["accuracy"])`'),
    hints=steps_6.CLASSIFIER_COMPILED,
)
def test_build_classifier_compiled(answer: Any) -> None:
    """Logits with a logits loss are right; which of the two it is shows in the accuracy."""
    expect_sparse_loss(require_compiled(answer))
    expect_no_loss_weights(answer)


@check(
    "build_classifier",
    points=0.5,
    needs=[test_build_classifier_inputs],
    title=_("The classifier has at most 300,000 parameters"),
    hint=_(
        "Most of them stand between Flatten and the next Dense layer: fewer units there make the largest difference."
    ),
    hints=steps_6.CLASSIFIER_PARAMETERS,
)
def test_build_classifier_parameters(answer: Any) -> None:
    """All parameters count, those that are not trained as well."""
    model = as_model(answer)
    expect_built(model, INPUT)
    count = model.count_params()
    require(
        count <= MOST_PARAMETERS,
        _(
            "The classifier has {count} parameters; at most {most} are allowed.",
            count=f"{count:,}",
            most=f"{MOST_PARAMETERS:,}",
        ),
        expected=_("at most {most}", most=f"{MOST_PARAMETERS:,}"),
        observed=f"{count:,}",
    )


@check(
    "build_classifier",
    points=1.5,
    needs=[test_build_classifier_outputs, test_build_classifier_compiled, test_build_classifier_parameters],
    title=_("The classifier does well on images that it has never seen"),
    hint=_("A hidden layer of about 100 ReLU units, with Adam or RMSprop at their default rates, gets all points."),
    hints=steps_6.CLASSIFIER_ACCURACY,
)
def test_build_classifier_accuracy(answer: Any, train: Train) -> None:
    """Trained with the student's own optimizer and loss; points from 0.70 to 0.78, see above."""
    trained = train(answer, inputs="images", optimizer=None, loss=None, epochs=5)
    accuracy = measured_accuracy(trained, "test")
    award(
        share_between(accuracy, NO_POINTS_BELOW, ALL_POINTS_FROM),
        _(
            "After five epochs the accuracy on the test images is {accuracy}; points grow from {low} to {high}.",
            accuracy=f"{accuracy:.3f}",
            low=f"{NO_POINTS_BELOW:.2f}",
            high=f"{ALL_POINTS_FROM:.2f}",
        ),
        expected=_("at least {high} (test)", high=f"{ALL_POINTS_FROM:.2f}"),
        observed=_("{accuracy} (test)", accuracy=f"{accuracy:.3f}"),
        hint=design_hint(answer) or diagnose_history(trained),
    )
