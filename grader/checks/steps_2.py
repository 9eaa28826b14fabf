"""Steps of help with exercise 2: a nudge, a pointer, and nearly the answer."""

from __future__ import annotations

from typing import Final

from grader.checks.steps import Steps
from grader.language import _

HIDDEN_UNITS: Final[Steps] = (
    _("How many units does the task ask for in the hidden layer?"),
    _("The inputs need no number here; the first argument of `Dense` says how many units the layer itself has."),
    _("`keras.layers.Dense(..., activation=...)`: the hidden layer's number of units, a hundred, goes first."),
)

HIDDEN_ACTIVATION: Final[Steps] = (
    _("Which function squeezes each hidden unit's number between 0 and 1?"),
    _("Look at `activation=` in build_hidden_layer: without it a layer is linear, and softmax belongs elsewhere."),
    _('Write the name of the S-shaped function as a string: `activation="s..."`, seven letters.'),
)

OUTPUT_UNITS: Final[Steps] = (
    _("How many kinds of garments does the model tell apart?"),
    _("The labels go from 0 to 9, and each of them needs an output of its own."),
    _("`keras.layers.Dense(..., activation=...)`: the number of classes goes first."),
)

OUTPUT_ACTIVATION: Final[Steps] = (
    _("The outputs should be probabilities; what must all of them add up to?"),
    _("Look at `activation=` in build_output_layer: it wants the function that looks at all ten numbers together."),
    _('Write its name as a string: `activation="soft..."`.'),
)
