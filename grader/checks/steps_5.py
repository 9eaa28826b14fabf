"""Steps of help with exercise 5: a nudge, a pointer, and nearly the answer."""

from __future__ import annotations

from typing import Final

from grader.checks.steps import Steps
from grader.language import _

RELU_SHAPE: Final[Steps] = (
    _("If ten numbers go into relu, how many come out, and where does each of them stand?"),
    _(
        "Python's `max`, `np.max` and `z[z > 0]` pick elements out; you want a function that works on"
        " each in its place."
    ),
    _("NumPy's `np.maximum(..., ...)` compares two things element by element, and one of them may be a plain number."),
)

RELU_VALUES: Final[Steps] = (
    _("What should become of -2, of 0 and of 3?"),
    _("Put `np.array([-2.0, 0.0, 3.0])` through your function: 0, 0 and 3 must come out."),
    _("For each element, return the larger of two numbers: 0, and the element itself; `np.maximum` does just that."),
)

RELU_NUMBER: Final[Steps] = (
    _("What does your function do with `relu(-3)`, where there is no array at all?"),
    _("Look for `z.shape`, `z[...]`, `z.copy()` and `len(z)`: a plain number has none of these."),
    _("Take a NumPy function that works for numbers as for arrays, with 0 and `z` as its two arguments."),
)

RELU_INFINITY: Final[Steps] = (
    _("What are infinity times 0, and infinity minus infinity?"),
    _("Look for a product or a difference with `z` in it; comparing is safe, computing is not."),
    _("Choose between `z` and 0 instead of computing: `np.maximum` compares, and so does `np.where(z < 0, ..., ...)`."),
)

RELU_NAN: Final[Steps] = (
    _("Is NaN larger than 0? Ask Python."),
    _("Every comparison with NaN is false, so that NaN always lands in the `else` of your function."),
    _(
        "Turn the question round, `np.where(z < 0, ..., ...)`, so that what is not negative stays; or"
        " take `np.maximum`."
    ),
)

RELU_UNCHANGED: Final[Steps] = (
    _("What does the caller's array hold after your function has run?"),
    _("Look for `z[...] = ...`, `z *= ...` and `out=z`: they write into the array that was given."),
    _(
        "Return a new array, as NumPy's functions make one by themselves; leave out `out=` and every"
        " assignment to `z[...]`."
    ),
)

FLATTEN_FIRST: Final[Steps] = (
    _("A Dense layer wants one row of numbers for each sample; what does it get here?"),
    _("Keras has a layer without weights that makes one row of an image; it comes before the first Dense layer."),
    _("Put `keras.layers.Flatten(...)` right behind `keras.Input(...)`, with nothing between its parentheses."),
)
