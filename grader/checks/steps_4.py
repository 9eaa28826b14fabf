"""Steps of help with exercise 4: a nudge, a pointer, and nearly the answer."""

from __future__ import annotations

from typing import Final

from grader.checks.steps import Steps
from grader.language import _

LAYER_NAMES: Final[Steps] = (
    _("What does `model.summary()` print in front of each layer's class?"),
    _("Each layer takes a name of its own when it is made; the task gives both names, in small letters."),
    _("Add `name=...` inside the parentheses of each Dense layer: the first one is hidden, the last one output."),
)

MODEL_NAME: Final[Steps] = (
    _("Layers have names, and so has the model; what does yours say in the first line of `model.summary()`?"),
    _(
        "The name belongs between the parentheses of `keras.Sequential`, by keyword: its second position"
        " means something else."
    ),
    _('Write `name="..."` into `keras.Sequential(...)`, with the data set\'s name: small letters and an underscore.'),
)

CALLS_ADD: Final[Steps] = (
    _("The model is right; was it made in the way that this function is about?"),
    _("Start with a model that has no layers, and hand it one layer after another."),
    _("Write one line `model.add(...)` for the input and one for each layer, below the line that makes the model."),
)

ONE_HIDDEN: Final[Steps] = (
    _("What should `[30]` give: how many layers, and of which sizes?"),
    _("Every number in the list is one hidden layer; the output layer is not in the list, and comes in any case."),
    _(
        "In the loop: `model.add(keras.layers.Dense(..., activation=...))` with the number itself;"
        " behind the loop, ten softmax units."
    ),
)

SEVERAL_HIDDEN: Final[Steps] = (
    _("What does your function do with the second number in the list, and with the last?"),
    _("A fixed index such as `hidden_units[0]` sees one number only; a loop sees all, in their order."),
    _("`for units in hidden_units:`, and below it, indented, add one sigmoid layer of `units` units."),
)

NO_HIDDEN: Final[Steps] = (
    _("Which layers are left when the list of hidden layers is empty?"),
    _("Look for `hidden_units[0]`, for a first layer made apart, and for a default that stands in for an empty list."),
    _(
        "Put `keras.Input(...)` before the loop and the output layer behind it; the loop then runs for"
        " no number at all."
    ),
)

DEEP_TUPLE: Final[Steps] = (
    _("Would your function work if nobody could change `hidden_units`?"),
    _("Look for `append`, `pop`, `insert` and `hidden_units + [...]`: a tuple has none of these."),
    _("Only loop over `hidden_units`, and add the output layer by a line of its own behind the loop."),
)
