"""Hidden checks of exercise 1: prepare the data. 10 points: 3 + 2 + 3 + 2.

Every size and every pixel is drawn, so that no answer can be looked up. Each check looks at one property: a shape with
any values, values in any order, an order of any values. No TensorFlow is needed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checking import Call, Mistake, Student, check, expect_array, expect_shape, expect_unchanged, require
from grader.checks import steps_1
from grader.checks.pixels import (
    PIXELS,
    SIDE,
    close,
    draw_few_floats,
    draw_images,
    draw_many,
    require_array,
    scaling_mistakes,
    tolerance,
)
from grader.checks.splits import (
    NUMBERED,
    PARTS,
    Samples,
    draw_numbered,
    draw_samples,
    expect_part_shapes,
    expect_split,
    expect_together,
    is_split,
    joined,
    numbered,
    require_parts,
)
from grader.language import _

# scale_pixels ---------------------------------------------------------------------------------------------------------


@check(
    "scale_pixels",
    given=draw_few_floats,
    points=0.5,
    title=_("scale_pixels returns an array of the same shape"),
    hint=_("`images / 255` computes with all pixels at once and keeps the shape."),
    hints=steps_1.SCALE_PIXELS_SHAPE,
)
def test_scale_pixels_shape(observed: Call, given: tuple[np.ndarray]) -> None:
    """Float images, so that a function that works in place gets this far."""
    (images,), scaled = given, observed.value
    require_array(scaled, "scale_pixels")
    flat = Mistake((len(images), PIXELS), _("scale_pixels flattened the images; that is what flatten_images is for."))
    expect_shape(scaled.shape, images.shape, mistakes=[flat])


@check(
    "scale_pixels",
    given=draw_few_floats,
    points=0.5,
    needs=[test_scale_pixels_shape],
    title=_("scale_pixels leaves its argument as it was"),
    hint=_(
        "`images /= 255` and `images[:] = ...` write into the array that was given; `images / 255` makes a new one."
    ),
    hints=steps_1.SCALE_PIXELS_UNCHANGED,
)
def test_scale_pixels_unchanged(observed: Call, given: tuple[np.ndarray]) -> None:
    """What the call did besides giving a value."""
    expect_unchanged(
        observed,
        0,
        given[0],
        hint=_("You scale the pixels in place. `images / 255` makes a new array and leaves the old one alone."),
    )


@check(
    "scale_pixels",
    points=1,
    needs=[test_scale_pixels_shape],
    title=_("scale_pixels divides uint8 pixels by 255"),
    hint=_("Divide with `/` by the number 255; NumPy makes floats of uint8 pixels by itself."),
    hints=steps_1.SCALE_PIXELS_VALUES,
)
def test_scale_pixels_values(student: Student, rng: np.random.Generator) -> None:
    """Values that tell a division by 255 from one by 256, by the largest pixel, or by 255 twice."""
    images = draw_images(rng, int(rng.integers(3, 12)))
    scaled = student.scale_pixels(images)
    expect_array(
        scaled,
        images / 255,
        tolerance=tolerance(scaled),
        dtype="float",
        mistakes=scaling_mistakes(images.astype(float)),
    )


@check(
    "scale_pixels",
    points=0.5,
    needs=[test_scale_pixels_values],
    title=_("scale_pixels scales float pixels in the same way"),
    hint=_("Divide whatever the dtype is; there is no need to ask for it."),
    hints=steps_1.SCALE_PIXELS_FLOATS,
)
def test_scale_pixels_floats(student: Student, rng: np.random.Generator) -> None:
    """Pixels between the whole numbers, in float64."""
    images = rng.uniform(0, 240, (3, SIDE, SIDE))
    scaled = student.scale_pixels(images)
    mistakes = [
        Mistake(
            lambda observed: close(observed, np.floor(images) / 255),
            _("The pixels were made whole numbers before they were scaled; float pixels lose their fraction that way."),
        ),
        *scaling_mistakes(images),
    ]
    expect_array(scaled, images / 255, tolerance=tolerance(scaled), dtype="float", mistakes=mistakes)


@check(
    "scale_pixels",
    points=0.5,
    needs=[test_scale_pixels_values],
    title=_("scale_pixels takes any number of images, even none"),
    hint=_("An array of no images has no largest pixel, and no first image. A plain division needs neither."),
    hints=steps_1.SCALE_PIXELS_ANY_NUMBER,
)
def test_scale_pixels_any_number(student: Student, rng: np.random.Generator) -> None:
    """One image, then none."""
    for count in (1, 0):
        images = draw_images(rng, count)
        scaled = student.scale_pixels(images)
        require_array(scaled, "scale_pixels")
        expect_shape(scaled.shape, images.shape)


# flatten_images -------------------------------------------------------------------------------------------------------


@check(
    "flatten_images",
    given=draw_many,
    points=0.5,
    title=_("flatten_images returns one row of 784 numbers for each image"),
    hint=_("`images.reshape(len(images), 784)` takes the number of images from the array itself; so does `-1`."),
    hints=steps_1.FLATTEN_IMAGES_SHAPE,
)
def test_flatten_images_shape(answer: Any, given: tuple[np.ndarray]) -> None:
    """Shapes only: whatever is in them."""
    count = len(given[0])
    require_array(answer, "flatten_images")
    mistakes = [
        Mistake((PIXELS, count), _("Rows and columns are exchanged: each image must be a row, not a column.")),
        Mistake((count * PIXELS,), _("All images became one long row; each image needs a row of its own.")),
        Mistake((1, count * PIXELS), _("All images became one long row; each image needs a row of its own.")),
        Mistake((count, SIDE, SIDE), _("The images are not flattened: the shape is still what it was.")),
        Mistake(
            (count, PIXELS, 1), _("There is one dimension too many: each image is a row of 784 numbers, nothing more.")
        ),
        Mistake(
            (count * SIDE, SIDE),
            _("Each row of pixels became a row of its own; a whole image is one row of 784 numbers."),
        ),
    ]
    expect_shape(answer.shape, (count, PIXELS), mistakes=mistakes)


@check(
    "flatten_images",
    points=0.75,
    needs=[test_flatten_images_shape],
    title=_("flatten_images keeps the pixels of an image together, row by row"),
    hint=_("NumPy's own order, without `order=` and without transposing, is row by row."),
    hints=steps_1.FLATTEN_IMAGES_ORDER,
)
def test_flatten_images_order(student: Student, rng: np.random.Generator) -> None:
    """Any dtype; images of one kind of pixel would hide a wrong order, these do not."""
    images = draw_images(rng, int(rng.integers(5, 30)))
    count = len(images)
    mistakes = [
        Mistake(
            lambda observed: close(observed, images.transpose(0, 2, 1).reshape(count, -1)),
            _('The pixels are taken column by column, as `order="F"` (Fortran order) or a transposition does.'),
        ),
        Mistake(
            lambda observed: close(observed, images.reshape(PIXELS, count).T),
            _("The shape is right, but each row mixes pixels of several images: reshape to (n, 784), not to (784, n)."),
        ),
        Mistake(
            lambda observed: close(observed, images.reshape(count, PIXELS) / 255),
            _("flatten_images scaled the pixels; it only changes the shape."),
            _("Leave the division to scale_pixels: here `reshape` is all that is needed."),
        ),
    ]
    expect_array(student.flatten_images(images), images.reshape(count, PIXELS), tolerance=1e-6, mistakes=mistakes)


@check(
    "flatten_images",
    given=draw_many,
    points=0.5,
    needs=[test_flatten_images_shape],
    title=_("flatten_images keeps the dtype"),
    hint=_("`reshape` keeps the dtype; `astype` or copying into `np.zeros(...)` changes it."),
    hints=steps_1.FLATTEN_IMAGES_DTYPE,
)
def test_flatten_images_dtype(
    student: Student, answer: Any, given: tuple[np.ndarray], rng: np.random.Generator
) -> None:
    """uint8, as the images come, and float32, as they are after scaling to save memory."""
    floats = draw_images(rng, 5).astype(np.float32)
    for images, flat in ((given[0], answer), (floats, student.flatten_images(floats))):
        require_array(flat, "flatten_images")
        require(
            flat.dtype == images.dtype,
            _("{given} images came back as {found}.", given=str(images.dtype), found=str(flat.dtype)),
            expected=str(images.dtype),
            observed=str(flat.dtype),
        )


@check(
    "flatten_images",
    points=0.25,
    needs=[test_flatten_images_shape],
    title=_("flatten_images makes one row of a single image"),
    hint=_("A single image still needs two dimensions, (1, 784). `squeeze` takes the first one away."),
    hints=steps_1.FLATTEN_IMAGES_ONE,
)
def test_flatten_images_one(student: Student, rng: np.random.Generator) -> None:
    """n = 1, where a dimension is easily lost."""
    flat = student.flatten_images(draw_images(rng, 1))
    require_array(flat, "flatten_images")
    expect_shape(flat.shape, (1, PIXELS))


# split_validation -----------------------------------------------------------------------------------------------------


@check(
    "split_validation",
    given=draw_samples,
    points=0.5,
    title=_("split_validation returns four arrays"),
    hint=_("`train_test_split(inputs, targets, ...)` returns all four; return them together, separated by commas."),
    hints=steps_1.SPLIT_VALIDATION_PARTS,
)
def test_split_validation_parts(answer: Any) -> None:
    """A list will do as well as a tuple."""
    require_parts(answer, "split_validation")


@check(
    "split_validation",
    given=draw_samples,
    points=0.75,
    needs=[test_split_validation_parts],
    title=_("split_validation holds out 20 % and returns the parts in the right order"),
    hint=_("The order is {parts}, and test_size is 0.2.", parts=PARTS),
    hints=steps_1.SPLIT_VALIDATION_SIZES,
)
def test_split_validation_sizes(answer: Any, given: Samples) -> None:
    """Shapes only: whichever samples they are."""
    expect_part_shapes(require_parts(answer, "split_validation"), *given[0].shape)


@check(
    "split_validation",
    given=draw_samples,
    points=0.75,
    needs=[test_split_validation_sizes],
    title=_("split_validation keeps each target with its sample, and loses none"),
    hint=_("Give inputs and targets to one call of `train_test_split`, so that both are shuffled in the same way."),
    hints=steps_1.SPLIT_VALIDATION_PAIRS,
)
def test_split_validation_pairs(answer: Any, given: Samples) -> None:
    """Whichever samples are held out."""
    expect_together(*numbered(require_parts(answer, "split_validation")), given)


@check(
    "split_validation",
    points=1,
    needs=[test_split_validation_pairs],
    title=_("split_validation holds out the same samples as train_test_split with random_state=42"),
    hint=_("`train_test_split(inputs, targets, test_size=0.2, random_state=42)`, with nothing more."),
    hints=steps_1.SPLIT_VALIDATION_SAMPLES,
)
def test_split_validation_samples(student: Student, rng: np.random.Generator) -> None:
    """Other samples than those before: what was kept of the first call is no answer, nor is a seed set before it.

    A split without a seed is another one each time, which one more call can tell.
    """
    samples = draw_samples(rng)
    taken, parts = numbered(require_parts(student.split_validation(*samples), "split_validation"))
    expect_together(taken, parts, samples)
    if not is_split(taken):
        again, _parts = numbered(require_parts(student.split_validation(*samples), "split_validation"))
        require(
            taken == again,
            _("Two calls with the same samples gave two different splits: random_state is missing."),
            expected=_("the same split at each call"),
            observed=_("another split at each call"),
        )
    expect_split(taken, samples[1])


# prepare_data ---------------------------------------------------------------------------------------------------------


@check(
    "prepare_data",
    given=draw_numbered,
    points=0.5,
    title=_("prepare_data returns four arrays of the right shapes"),
    hint=_("Scale, then flatten, then split, and return the four arrays in the order {parts}.", parts=PARTS),
    hints=steps_1.PREPARE_DATA_SHAPES,
)
def test_prepare_data_shapes(answer: Any, given: Samples) -> None:
    """Shapes only: whatever is in them."""
    expect_part_shapes(require_parts(answer, "prepare_data"), len(given[0]), PIXELS)


@check(
    "prepare_data",
    given=draw_numbered,
    points=0.5,
    needs=[test_prepare_data_shapes],
    title=_("prepare_data divides the pixels by 255 once"),
    hint=_("Look at what prepare_data does to the pixels: one call of scale_pixels is enough."),
    hints=steps_1.PREPARE_DATA_VALUES,
)
def test_prepare_data_values(answer: Any, given: Samples) -> None:
    """All pixels together, the largest first: whichever samples are held out, and in whichever order."""
    parts = require_parts(answer, "prepare_data")
    pixels = np.sort(joined(parts[:2], width=PIXELS), axis=None)[::-1]
    plain = np.sort(given[0].astype(float), axis=None)[::-1]  # bytes are sorted more slowly than floats
    expect_array(pixels, plain / 255, tolerance=tolerance(pixels), dtype="float", mistakes=scaling_mistakes(plain))


@check(
    "prepare_data",
    given=draw_numbered,
    points=0.5,
    needs=[test_prepare_data_shapes],
    title=_("prepare_data leaves the labels as they are"),
    hint=_("Only the images are scaled. The labels are class numbers from 0 to 9."),
    hints=steps_1.PREPARE_DATA_TARGETS,
)
def test_prepare_data_targets(answer: Any, given: Samples) -> None:
    """All labels together, the largest first."""
    parts = require_parts(answer, "prepare_data")
    labels = np.sort(joined(parts[2:], width=None), axis=None)[::-1]
    plain = np.sort(given[1])[::-1].astype(float)
    scaled = _("The labels were scaled too; only the images are divided by 255.")
    mistakes = [
        Mistake(lambda observed: close(observed, plain / 255), scaled),
        Mistake(lambda observed: close(observed, np.zeros_like(plain)), scaled),
        Mistake(lambda observed: close(observed, plain / 9), scaled),
    ]
    expect_array(labels, plain, tolerance=1e-6, mistakes=mistakes)


@check(
    "prepare_data",
    points=0.5,
    needs=[test_prepare_data_values, test_prepare_data_targets],
    title=_("prepare_data splits as split_validation does"),
    hint=_("Let prepare_data call split_validation, or `train_test_split` with test_size=0.2 and random_state=42."),
    hints=steps_1.PREPARE_DATA_SPLIT,
)
def test_prepare_data_split(student: Student, rng: np.random.Generator) -> None:
    """Other images than those before, so that what was kept of the first call is no answer."""
    images, targets = draw_numbered(rng)
    parts = require_parts(student.prepare_data(images, targets), "prepare_data")
    rows = joined(parts[:2], width=PIXELS)
    numbers = np.rint(np.clip(rows[:, NUMBERED], -1, 2) * 255)
    taken = [int(first) if first == second else -1 for first, second in numbers]
    plain = images.reshape(len(images), PIXELS) / 255
    expect_together(taken, (rows, joined(parts[2:], width=None)), (plain, targets))
    expect_split(taken, targets)
