"""Steps of help with exercise 3: a nudge, a pointer, and nearly the answer."""

from __future__ import annotations

from typing import Final

from grader.checks.steps import Steps
from grader.language import _

DENSE_CHAPTER: Final[Steps] = (
    _("Draw a layer of two units on three inputs, and count its weights and its biases."),
    _("Weights: one for each pair of an input and a unit. Biases: one for each unit. The two are added."),
    _("Multiply `inputs` by `units`, and then add as many biases as there are units."),
)

DENSE_OTHER: Final[Steps] = (
    _("Would your function notice if a layer had 7 inputs instead of 784?"),
    _("Try it by hand with 3 inputs and 2 units: 8 must come out."),
    _("Use only the two parameters in the formula: a product of both, and one of them once more."),
)

MODEL_CHAPTER: Final[Steps] = (
    _("How many layers does `[784, 100, 10]` describe, and what are the inputs of each?"),
    _("78,500 and 1,010 are the two layers; your dense_parameter_count gives both."),
    _("Add up `dense_parameter_count(..., ...)` over the neighbours in the list: 784 with 100, then 100 with 10."),
)

MODEL_DEPTHS: Final[Steps] = (
    _("What changes in your function when the list has six numbers instead of three?"),
    _("Fixed positions such as `layer_sizes[2]` fit one depth only; go through the list with a loop."),
    _(
        "`for inputs, units in zip(layer_sizes, layer_sizes[1:]):` gives one layer after another; add up"
        " their parameters."
    ),
)

MODEL_ONE: Final[Steps] = (
    _("What is the smallest list that describes a model?"),
    _("Two numbers are one layer: look for an index or a case that takes at least three for granted."),
    _("A loop over neighbouring pairs runs exactly once for two numbers; no special case is needed."),
)

MODEL_TUPLE: Final[Steps] = (
    _("What can a list do that a tuple cannot?"),
    _("Look for `append`, `pop`, `+ [...]` and assignments to `layer_sizes[...]`."),
    _("Only read `layer_sizes`, by slices and loops; or make a list of it first, with `list(...)`."),
)

SHAPES_KIND: Final[Steps] = (
    _("What does the example in the task return: numbers, one tuple, or several?"),
    _("Each layer gives one tuple of two values, and all tuples stand in one list."),
    _("`[(..., ...) for units in ...]` makes such a list: parentheses inside, square brackets outside."),
)

SHAPES_NUMBER: Final[Steps] = (
    _("How many of the numbers in `[784, 100, 10]` are layers?"),
    _("The first number is no layer, and the last one is: print `len(...)` of your list beside that of `layer_sizes`."),
    _("Let the loop go over `layer_sizes[1:]`, which leaves the first number out and keeps all others."),
)

SHAPES_BATCH: Final[Steps] = (
    _("Does the model know how many samples it will be given at once?"),
    _("Its place is the first of each tuple, and Python has a value for what is not known."),
    _("Begin each tuple with None, without quotation marks: `(None, ...)`."),
)

SHAPES_UNITS: Final[Steps] = (
    _("How many numbers does a layer of 100 units give for each sample?"),
    _("Behind None stand the layer's own units, not its inputs, and the layers keep the order of the list."),
    _("For each number after the first one, in order, make a tuple of None and that number."),
)

BATCHES_CHAPTER: Final[Steps] = (
    _("If 32 samples make one batch, how many batches do 64 samples make?"),
    _("Divide the samples by the batch size, which is 32 unless the caller says otherwise."),
    _("Give the second parameter a default in the `def` line, as in `batch_size=...`, and divide by it."),
)

BATCHES_LAST: Final[Steps] = (
    _("33 samples, 32 in a batch: what happens to the last one?"),
    _("Round up, and only where something is left over: 64 samples are 2 batches, 65 are 3."),
    _("`math.ceil(... / ...)` rounds up; or take `//` and add 1 where `%` is not 0."),
)

BATCHES_SIZE: Final[Steps] = (
    _("Does your answer change when the caller asks for batches of another size?"),
    _("Look for 32 in the body of the function: it may stand in the `def` line only."),
    _("Write `batch_size` wherever the body of the function says 32."),
)

BATCHES_ZERO: Final[Steps] = (
    _("How many batches are there when there is nothing to put into one?"),
    _("Look for `max(1, ...)` and for a `+ 1` that is added always: no samples leave nothing over."),
    _("Add the extra batch only if `samples % batch_size` is not 0; for 0 samples it is 0."),
)

BATCHES_INTEGER: Final[Steps] = (
    _("Is 1500.0 a number that you could give to `range`?"),
    _("Print `type(...)` of your answer; `/`, `np.ceil` and `round(x, 0)` give floats."),
    _("Put `int(...)` around the rounded number, or take `math.ceil`, or compute with `//` alone."),
)
