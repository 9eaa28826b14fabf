"""Steps of help with exercise 6: a nudge, a pointer, and nearly the answer."""

from __future__ import annotations

from typing import Final

from grader.checks.steps import Steps
from grader.language import _


def kind(function: str, kind: str) -> Steps:
    """The steps for a function that must return an optimizer of the class `kind`."""
    return (
        _("In which part of Keras do its optimizers stand, and what is this one called there?"),
        _(
            "{function} must return an object of the class {kind} of `keras.optimizers`: neither its name"
            " nor the class itself.",
            function=function,
            kind=kind,
        ),
        _(
            "`return keras.optimizers.{kind}(...)`: capitals as they stand here, and parentheses behind the name.",
            kind=kind,
        ),
    )


def rate(kind: str) -> Steps:
    """The steps for the learning rate of an optimizer of the class `kind`."""
    return (
        _("How large a step does the task ask for, and how large a one does Keras take when nobody says so?"),
        _("The argument is called learning_rate, in full, and takes a plain number."),
        _(
            "`keras.optimizers.{kind}(learning_rate=...)`, with the task's number for the dots and nothing else.",
            kind=kind,
        ),
    )


def renewed(function: str) -> Steps:
    """The steps for a function that must make a new optimizer at each call."""
    return (
        _("An optimizer remembers the model that it has trained; can two models share one?"),
        _(
            "Look for an optimizer that is made outside {function}, or once and for all in a variable or a cache.",
            function=function,
        ),
        _(
            "Let the line that calls `keras.optimizers...` stand in the body of {function}, right behind `return`.",
            function=function,
        ),
    )


NESTEROV_SETTINGS: Final[Steps] = (
    _("Which two settings of SGD make plain steps into Nesterov's accelerated ones?"),
    _(
        "One says how much of the last step is kept, the other switches Nesterov's way on; the learning"
        " rate is left out."
    ),
    _("`keras.optimizers.SGD(momentum=..., nesterov=...)`, with the task's number first and a truth value second."),
)

COMPILE_RETURNS: Final[Steps] = (
    _("What does `model.compile(...)` give back, and what does the task want back?"),
    _(
        "`compile()` changes the model that it belongs to and returns None; the model that you were"
        " given is still there."
    ),
    _("Two lines: first `model.compile(...)`, without `return` and without `=`, and below it the model is returned."),
)

COMPILE_LOSS: Final[Steps] = (
    _("The targets are class numbers such as 3, not rows of zeros and ones; which cross-entropy takes those?"),
    _("Look at `loss=`: it needs three words with underscores, and the model's softmax means no `from_logits`."),
    _('Write `loss="sparse_..."` as a string; the rest is the name of the cross-entropy for several classes.'),
)

COMPILE_METRICS: Final[Steps] = (
    _("Besides the loss, what should Keras print after each epoch?"),
    _("`compile` has an argument `metrics`, which takes a list, even of a single name."),
    _("`metrics=[...]` with one word in quotation marks: the share of right answers, in English."),
)

COMPILE_OPTIMIZER: Final[Steps] = (
    _("What happens to a learning rate that the caller has chosen with care?"),
    _("Look for a second optimizer in compile_model, and for one that is made from the name or class of the first."),
    _("Hand the parameter on untouched: `optimizer=...` takes the very object that compile_model was given."),
)

COMPILE_NAME: Final[Steps] = (
    _('What does your function do when the optimizer is a string such as "adam"?'),
    _(
        "Look for `optimizer.something` and for a list of names: a string has no such attributes, and"
        " there are many names."
    ),
    _("`compile` understands names by itself: give it the parameter, whichever of the two it is, without an `if`."),
)

CLASSIFIER_INPUTS: Final[Steps] = (
    _("What shape has one image when it comes to the model, before any of your layers?"),
    _(
        "The grader feeds scaled images that are not flattened; the model must say so in front and"
        " return itself at the end."
    ),
    _("Begin with `keras.Input(...)` for 28 rows of 28 pixels, without batch and channel, and let Flatten come next."),
)

CLASSIFIER_OUTPUTS: Final[Steps] = (
    _("How many numbers should the model give for one image?"),
    _("Print `model.output_shape`: None and one number for each class, and no third dimension."),
    _("Flatten the images before the first Dense layer, and let the last one have as many units as there are classes."),
)

CLASSIFIER_COMPILED: Final[Steps] = (
    _("A model without a loss does not know what it is to make small."),
    _("You have a function that compiles a model for class numbers already: compile_model."),
    _("End with `return compile_model(..., ...)`: your model, and an optimizer of one of your functions."),
)

CLASSIFIER_PARAMETERS: Final[Steps] = (
    _("Which layer in `model.summary()` has most of the parameters?"),
    _("Between 784 inputs and a Dense layer stand 785 parameters for each unit: 300 units are 235,500 already."),
    _("Give the first Dense layer 300 units or fewer; around 100 are enough for all points."),
)

CLASSIFIER_ACCURACY: Final[Steps] = (
    _("Begin with the model of exercise 5: is anything in yours worse than there?"),
    _(
        "Look at the learning rate first, then at the outputs (probabilities, or logits with a loss that"
        " knows), then at the activations."
    ),
    _(
        "Flatten, one hidden layer of a hundred ReLU units, ten softmax units, and Adam with the rate"
        " that Keras gives it."
    ),
)
