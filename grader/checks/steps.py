"""Steps of help that the checks of several exercises share: a nudge, a pointer, and nearly the answer."""

from __future__ import annotations

from grader.language import Text, _

Steps = tuple[Text, Text, Text]


def fresh(function: str) -> Steps:
    """The steps for a function that must make new layers or a new model at each call."""
    return (
        _("When does Python make your layers: while it reads the file, or while {function} runs?", function=function),
        _(
            "Look for layers or models that stand outside {function}, or that are kept in a variable from"
            " one call to the next.",
            function=function,
        ),
        _(
            "Move every `keras.layers...` and `keras.Sequential...` into the body of {function}, so that"
            " each call runs them again.",
            function=function,
        ),
    )


def dense_kind(function: str) -> Steps:
    """The steps for a function that must return a `Dense` layer."""
    return (
        _("In which of Keras's layers is every unit connected to every input?"),
        _(
            "Look at what stands behind `return` in {function}: it must be the layer itself, no list, no"
            " class and no model.",
            function=function,
        ),
        _(
            "`return keras.layers.Dense(..., activation=...)`: the dots are the number of units and the"
            " activation's name."
        ),
    )


def sequential_kind(function: str) -> Steps:
    """The steps for a function that must return a `keras.Sequential`."""
    return (
        _("Which of Keras's classes holds layers that follow one another?"),
        _(
            "Look at what stands behind `return` in {function}: the model itself, neither a list of layers"
            " nor what `add()` or `build()` gives.",
            function=function,
        ),
        _(
            "Make it with `keras.Sequential(...)`, keep it in a variable such as `model`, and end {function}"
            " with `return model`.",
            function=function,
        ),
    )


def inputs(inputs: str) -> Steps:
    """The steps for a model that must be built for inputs of the shape `inputs`, without the batch dimension."""
    return (
        _("How is the first layer to know how many weights it needs, before it has seen any data?"),
        _(
            "The size of one sample, without the number of samples, goes in front of the first layer; print"
            " `model.input_shape` to see it."
        ),
        _(
            "Let `keras.Input(...)` come before all layers, with `shape={inputs}` between its parentheses.",
            inputs=inputs,
        ),
    )


def layers(hidden: str) -> Steps:
    """The steps for the layers of a model whose hidden layers have the activation `hidden`."""
    return (
        _("Print `model.summary()`, and compare it line by line with the layers that the task asks for."),
        _(
            "Each Dense layer has its own number of units and its own activation: one for the hidden part,"
            " another for the ten classes."
        ),
        _(
            'Give every Dense layer its `activation=...` by name: "{hidden}" where the layer is hidden, and'
            ' "softmax" in the last one.',
            hidden=hidden,
        ),
    )


def parameters() -> Steps:
    """The steps for the number of parameters and outputs of the chapter's model."""
    return (
        _("Work out by hand how many weights and biases each layer should have; `model.summary()` prints what it has."),
        _(
            "A number that is too small by 10, 100 or 110 means that biases are missing; any other, that"
            " sizes or inputs differ."
        ),
        _("Leave `use_bias` out of every Dense layer, and keep 784 inputs, 100 units and 10 units."),
    )


def accuracy() -> Steps:
    """The steps for a model that must learn in the grader's training."""
    return (
        _("Can training change every weight of your model, and from where do the weights start?"),
        _(
            "Look for `trainable=False`, for an initializer such as zeros, for a second scaling, and for"
            " layers that nobody asked for."
        ),
        _(
            "Leave everything but units and activation at Keras's defaults, in every layer:"
            " `keras.layers.Dense(units, activation=...)`."
        ),
    )
