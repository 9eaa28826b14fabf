"""What the checks of exercises 2, 4, 5 and 6 ask of every model, and the mistakes that are common to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Literal

from grader.checking import (
    Mistake,
    TrainedModel,
    activation_name,
    expect_accuracy,
    expect_count,
    expect_shape,
    origin,
    require,
    same_object,
    shares_weights,
)
from grader.language import Text, _

Train = Callable[..., TrainedModel]
"""The fixture `train`."""

CLASSES: Final = 10
"""Classes of Fashion-MNIST."""
_EQUAL: Final = frozenset({"Zeros", "Ones", "Constant"})
"""Initializers that give every weight the same value."""


def as_model(answer: Any) -> Any:
    """`answer` itself, a Keras model: each call may give something else than the one before. Raises CheckFailed."""
    require(
        origin(answer).kind == "model",
        _("This is {kind}, where a Keras model is expected.", kind=type(answer).__name__),
        expected=_("a Keras model"),
        observed=type(answer).__name__,
    )
    return answer


def expect_built(model: Any, example: str) -> None:
    """Expect a model that has its shapes, for any number of samples; `example` is the Input to begin it with.

    Raises CheckFailed.
    """
    shape = origin(model).facts.get("input_shape")
    hint = _("Begin the model with `{example}`, and it is built as its layers are added.", example=example)
    require(
        shape is not None,
        _("The model was never built: it does not know the size of its inputs, so it has no shapes and no weights."),
        expected=_("a model that is built"),
        observed=_("a model that is not built"),
        hint=hint,
    )
    require(
        isinstance(shape, list | tuple) and shape and shape[0] is None,
        _(
            "The batch dimension is fixed at {count}; it is None, because the model takes any number of samples.",
            count=str(shape[0] if isinstance(shape, list | tuple) and shape else shape)[:20],
        ),
        expected="(None, ...)",
        observed=str(shape)[:60],
        hint=_(
            "`{example}` leaves the batch dimension open; data of one sample, or `batch_size=`, fix it.",
            example=example,
        ),
    )


def expect_input_shape(model: Any, inputs: Sequence[int]) -> None:
    """Expect a built model for inputs of shape `(None, *inputs)`. Raises CheckFailed."""
    rows = _("The model takes images of 28 x 28 pixels as they are; its inputs must be rows of 784 numbers.")
    images = _("The model takes rows of 784 numbers; its inputs must be images of 28 x 28 pixels as they are.")
    doubled = _(
        "The batch dimension is given to Input as well; Input takes the shape of one sample, and adds it itself."
    )
    counted = _("A number of samples is given to Input as well; Input takes the shape of one sample, for any number.")
    channel = _("The inputs have one dimension too many: the grader's images have no channel dimension.")
    mistakes = [
        Mistake((None, None, *inputs), doubled),
        Mistake((None, *inputs, 1), channel),
        Mistake(lambda shape: isinstance(shape, list | tuple) and [*shape[2:]] == [*inputs], counted),
        Mistake((None, 28, 28), rows),
        Mistake((None, 28, 28, 1), rows),
        Mistake((None, 784), images),
    ]
    expect_shape(origin(model).facts.get("input_shape"), (None, *inputs), mistakes=mistakes)


def expect_parameters(model: Any, expected: int, *, without_biases: int) -> None:
    """Expect outputs for ten classes, and a number of parameters. Raises CheckFailed."""
    expect_shape(origin(model).facts.get("output_shape"), (None, CLASSES))
    mistakes = [
        Mistake(without_biases, _("The layers have no biases (`use_bias=False`); each unit needs one.")),
        Mistake(lambda count: without_biases < count < expected, _("A layer has no biases; each unit needs one.")),
    ]
    expect_count(model.count_params(), expected, mistakes=mistakes)


def expect_fresh(one: Any, other: Any, function: str) -> None:
    """Expect that two calls of `function` made two models or layers with nothing in common. Raises CheckFailed."""
    for made in (one, other):
        origin(made)
    hint = _("Make layers, models and optimizers inside the function, so that each call makes new ones.")
    expected = _("a new object at each call")
    require(
        not same_object(one, other),
        _("Two calls of {function} returned the same object.", function=function),
        expected=expected,
        observed=_("the same object twice"),
        hint=hint,
    )
    shared = shares_weights(one, other) or any(
        same_object(mine, its) for mine in getattr(one, "layers", ()) for its in getattr(other, "layers", ())
    )
    require(
        not shared,
        _("The models of two calls share layers, and so their weights: training one would change the other."),
        expected=expected,
        observed=_("the same layer objects in both models"),
        hint=hint,
    )


def expect_trainable(model: Any) -> None:
    """Expect that training can change every weight of a model. Raises CheckFailed."""
    config = origin(as_model(model)).config.get("config")
    frozen = isinstance(config, dict) and config.get("trainable") is False
    require(
        not frozen and all(layer.trainable for layer in model.layers),
        _("The model is frozen (`trainable=False`): training cannot change its weights."),
        expected="trainable=True",
        observed="trainable=False",
        hint=_("Leave `trainable` out. It is also what the second positional argument of Sequential means."),
    )


def expect_learning(model: Any, train: Train, *, inputs: Literal["flat", "images"], threshold: float) -> None:
    """Expect an accuracy of at least `threshold` (0 to 1) on the validation images after the chapter's training.

    Compiled anew by the grader, as the tasks say: how the student compiled the model does not matter. Raises
    CheckFailed.
    """
    expect_trainable(model)
    trained = train(model, inputs=inputs, optimizer="rmsprop", loss="sparse_categorical_crossentropy", epochs=5)
    expect_accuracy(trained, threshold, split="validation", hint=equal_start(model))


def equal_start(model: Any) -> Text | None:
    """What to say of a hidden layer whose weights are all alike at the beginning, and so stay alike; else None."""
    for layer in model.layers[:-1]:
        initializer = layer.get_config().get("kernel_initializer")
        name = initializer.get("class_name") if isinstance(initializer, dict) else None
        if name in _EQUAL:
            return _(
                "The weights of a hidden layer all start alike (`kernel_initializer`: {name}), so its units all learn"
                " the same. Leave `kernel_initializer` out.",
                name=name,
            )
    return None


def activation_of(layer: Any) -> str:
    """The name of a layer's activation: "linear" for none, an empty string for a function of the student's own."""
    return activation_name(layer.get_config().get("activation")) if hasattr(layer, "get_config") else ""


def hidden_mistakes() -> list[Mistake]:
    """Activations that do not belong into a hidden sigmoid layer."""
    return [
        Mistake(
            "softmax",
            _("Softmax belongs to the output layer, where it makes probabilities; the hidden layer takes sigmoid."),
        ),
        Mistake("linear", _("The hidden layer has no activation; without one, two layers can do no more than one.")),
        Mistake("relu", _("The hidden layer has the activation relu; this exercise still asks for sigmoid.")),
    ]


def output_mistakes() -> list[Mistake]:
    """Activations that do not belong into the output layer."""
    return [
        Mistake(
            "sigmoid",
            _("Ten sigmoid outputs are ten separate yes-or-no answers; softmax makes probabilities that add up to 1."),
        ),
        Mistake("linear", _("The output layer has no activation: its outputs are logits, not yet probabilities.")),
        Mistake("relu", _("ReLU on the output layer gives no probabilities: it belongs to hidden layers.")),
    ]


def output_unit_mistakes() -> list[Mistake]:
    """Numbers of units that the output layer should not have."""
    return [
        Mistake(1, _("One output can tell two classes apart; ten classes need ten, one for each.")),
        Mistake(
            100, _("These are the units of the hidden layer; the output layer has one for each of the ten classes.")
        ),
        Mistake(784, _("These are the inputs; the output layer has one unit for each of the ten classes.")),
        Mistake(9, _("The classes are numbered from 0 to 9, so that there are ten of them.")),
    ]


def layers_hint(model: Any, *, hidden: str, dense: int) -> Text | None:
    """What is likely wrong with the layers of a model that should have so many `Dense` layers.

    All but the last should have the activation `hidden`.
    """
    layers = list(getattr(model, "layers", ()))
    kinds = {type(layer).__name__ for layer in layers}
    if kinds & {"Rescaling", "Normalization"}:
        return _("The grader's images are scaled already; scaling them in the model as well is scaling twice.")
    if kinds & {"Activation", "ReLU", "Softmax"}:
        return _("Write the activation into its Dense layer, `activation=...`, and leave the separate layer out.")
    found = [layer for layer in layers if type(layer).__name__ == "Dense"]
    if not found:
        return None
    *before, last = found
    if len(found) > dense:
        return None  # which of them is the one too many is not known
    if len(found) < dense and (last.units, activation_of(last)) != (CLASSES, "softmax"):
        return _("The output layer is missing: behind the hidden layers come ten softmax units, in any case.")
    return next(_activation_hints(before, last, hidden), None)


def _activation_hints(before: Sequence[Any], last: Any, hidden: str) -> Iterator[Text]:
    candidates = [
        *((last.units, mistake) for mistake in output_unit_mistakes()),
        *((activation_of(last), mistake) for mistake in output_mistakes()),
    ]
    if hidden == "sigmoid":
        candidates += [(activation_of(layer), mistake) for layer in before for mistake in hidden_mistakes()]
    for found, mistake in candidates:
        if mistake.value == found and isinstance(mistake.message, Text):
            yield mistake.message
