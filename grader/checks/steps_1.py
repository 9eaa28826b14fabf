"""Steps of help with exercise 1: a nudge, a pointer, and nearly the answer."""

from __future__ import annotations

from typing import Final

from grader.checks.steps import Steps
from grader.language import _

SCALE_PIXELS_SHAPE: Final[Steps] = (
    _("What happens to the shape of an array when every number in it is divided by the same number?"),
    _("Print `images.shape` and the shape of what you return: a loop, `reshape` or an index has changed it."),
    _("No loop and no index are needed: let `return` give the whole of `images`, divided by one number."),
)

SCALE_PIXELS_UNCHANGED: Final[Steps] = (
    _("Whoever calls scale_pixels may still need the images as they were."),
    _(
        "Look for `/=`, `*=`, `out=`, `copy=False` and assignments such as `images[...] = ...`: they"
        " write into the given array."
    ),
    _("Give what you compute a name of its own, as in `scaled = images / ...`, and return that."),
)

SCALE_PIXELS_VALUES: Final[Steps] = (
    _("Which value must the brightest possible pixel have in the end, and which the darkest?"),
    _("Put a few pixels by hand through your function: 0 must give 0, 51 must give 0.2, and 255 must give 1."),
    _("Divide once, with `/`, by the largest value that uint8 can hold, and not by what these images happen to hold."),
)

SCALE_PIXELS_FLOATS: Final[Steps] = (
    _("The images may hold 12.75 as well as 12; what does your function make of the .75?"),
    _("Look for `astype`, `int`, `//`, `round` and questions such as `if images.dtype == ...`."),
    _(
        "Leave out every conversion of `images`: the division by itself makes floats of whole numbers"
        " and of floats alike."
    ),
)

SCALE_PIXELS_ANY_NUMBER: Final[Steps] = (
    _("What does your function do with an array of shape (0, 28, 28)?"),
    _("Look for `max()`, `images[0]`, a fixed number of images, or a loop that puts a list together."),
    _("Take everything out but one division of the whole array; it works for no images just as for many."),
)

FLATTEN_IMAGES_SHAPE: Final[Steps] = (
    _("How many rows should come out, and how many numbers should stand in each of them?"),
    _("The first length stays what it is, `len(images)`; the other two are multiplied."),
    _("`images.reshape(..., ...)` takes the number of images first, and then 28 times 28."),
)

FLATTEN_IMAGES_ORDER: Final[Steps] = (
    _("The shape is right; are the first 28 numbers of a row the top row of that one image?"),
    _(
        "Look for `order=`, `.T`, `transpose` and `swapaxes`, and for a reshape to columns that is"
        " turned round afterwards."
    ),
    _(
        "A single `images.reshape(...)` with the number of images first, and nothing before or after it,"
        " keeps the order."
    ),
)

FLATTEN_IMAGES_DTYPE: Final[Steps] = (
    _("Only the shape should change here: what kind of numbers goes in, and what kind comes out?"),
    _("Print `images.dtype` before and after; `astype`, `/`, `np.zeros` and Python lists all change it."),
    _("Reshape the array itself instead of copying its numbers into a new one."),
)

FLATTEN_IMAGES_ONE: Final[Steps] = (
    _("What shape should the answer for one single image have?"),
    _("Look for `squeeze`, `ravel`, `flatten` and `images[0]`: for one image they leave a single dimension."),
    _("Use the same `reshape` for one image as for many, with `len(images)` as the first number."),
)

SPLIT_VALIDATION_PARTS: Final[Steps] = (
    _("Inputs and targets each become two parts; how many arrays is that together?"),
    _("Look at your `return`: all that `train_test_split` gives must come out, not only a part of it."),
    _(
        "Put the four names between `return` and the end of the line, with commas between them, in the"
        " order of the task."
    ),
)

SPLIT_VALIDATION_SIZES: Final[Steps] = (
    _("Of 1,000 samples, how many should be in each of the four arrays?"),
    _("Print the shapes of what you return: large, small, large, small is the order, and the inputs come first."),
    _(
        "`train_test_split(..., ..., test_size=...)` gives the four in the right order; the part that is"
        " held out is a fifth."
    ),
)

SPLIT_VALIDATION_PAIRS: Final[Steps] = (
    _("After the split, does the third target still belong to the third input?"),
    _("Inputs and targets must be shuffled together; two shuffles or two calls make two different orders."),
    _(
        "One call of `train_test_split` takes both at once: inputs first, targets second, and then the"
        " settings by name."
    ),
)

SPLIT_VALIDATION_SAMPLES: Final[Steps] = (
    _("What makes a random split the same one each time, and on each machine?"),
    _("The task names a seed; every other setting of `train_test_split` stays at its default."),
    _("Two settings by name are enough: `test_size=...` and `random_state=...`; `shuffle` and `stratify` go out."),
)

PREPARE_DATA_SHAPES: Final[Steps] = (
    _("You have written three functions already; in which order do they make these four arrays?"),
    _("What one function returns is the argument of the next: the pixels first, then the rows, then the parts."),
    _("Scale `images`, flatten what comes out, and `return` the split of that and `targets`."),
)

PREPARE_DATA_VALUES: Final[Steps] = (
    _("How often are the pixels divided on their way through prepare_data?"),
    _("Follow one pixel of value 255 through every line: it must be 1 at the end."),
    _("Call scale_pixels exactly once, use what it returns, and divide nowhere else."),
)

PREPARE_DATA_TARGETS: Final[Steps] = (
    _("The labels say which class an image belongs to; what would half a class mean?"),
    _("Look at every line that touches `targets`: only the split may."),
    _("Pass `targets` to the split exactly as prepare_data was given it."),
)

PREPARE_DATA_SPLIT: Final[Steps] = (
    _("Does prepare_data split by itself, or does it leave that to the function that you have written for it?"),
    _("The same size, the same seed, and each image with its own label: compare with your split_validation."),
    _("End with `return split_validation(..., targets)`, and put the flattened images in the place of the dots."),
)
