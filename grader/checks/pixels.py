"""Images for the checks of exercise 1, and what else than dividing by 255 is done to pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from grader.checking import Mistake, require, show
from grader.language import Text, _

_NUMBERS: Final = "biufc"
"""`numpy.dtype.kind` of what can be compared with numbers."""
SIDE: Final = 28
PIXELS: Final = SIDE * SIDE
_BRIGHTEST: Final = 250
"""Below 255, so that a division by the largest pixel there is cannot pass for one by 255."""


def draw_images(rng: np.random.Generator, count: int) -> np.ndarray:
    """`(count, 28, 28)` uint8 images."""
    return rng.integers(0, _BRIGHTEST, (count, SIDE, SIDE), dtype=np.uint8)


def draw_few_floats(rng: np.random.Generator) -> tuple[np.ndarray]:
    """Float32, the dtype that `astype` with `copy=False` would hand through, and that can be worked on in place."""
    return (draw_images(rng, int(rng.integers(3, 12))).astype(np.float32),)


def draw_many(rng: np.random.Generator) -> tuple[np.ndarray]:
    """uint8, and any number of images but those that would make two of the wrong shapes the same."""
    return (draw_images(rng, int(rng.integers(30, 60))),)


def require_array(value: Any, function: str) -> None:
    """Expect a NumPy array that `function` returned. Raises CheckFailed."""
    require(
        value is not None,
        _("{function} returned nothing (None).", function=function),
        hint=_("End the function with `return` and the array; `print` shows it, and hands nothing on."),
    )
    require(
        isinstance(value, np.ndarray),
        _("{function} must return a NumPy array.", function=function),
        expected=_("a NumPy array"),
        observed=type(value).__name__,
    )


def close(observed: Any, wrong: np.ndarray) -> bool:
    """Whether `observed` is an array of numbers that are `wrong`, as nearly as float32 can tell."""
    if not isinstance(observed, np.ndarray) or observed.dtype.kind not in _NUMBERS or observed.shape != wrong.shape:
        return False
    with np.errstate(all="ignore"):
        return bool(np.allclose(observed, wrong, rtol=1e-5, atol=1e-7))


def require_numbers(array: np.ndarray) -> None:
    """Expect an array of finite real numbers. Raises CheckFailed."""
    require(
        array.dtype.kind in "biuf" and np.isfinite(array).all(),
        _("An array holds something else than finite numbers."),
        expected=_("numbers"),
        observed=show(array),
        hint=_("The values that come in are numbers; text, NaN or infinity among the results were made on the way."),
    )


def tolerance(observed: Any) -> float:
    """The largest difference of a right value in [0, 1]: half precision rounds numbers near 1 to 5e-4."""
    return 1e-3 if isinstance(observed, np.ndarray) and observed.dtype == np.float16 else 1e-6


def scaling_mistakes(plain: np.ndarray) -> list[Mistake]:
    """Wrong ways to scale the pixels `plain`, given as floats; each is tried only when an answer is wrong."""
    whole = _(
        "The result holds whole numbers only: an integer division (`//`) or a conversion to integers took the rest."
    )
    kept = _(
        "Look for `//`, `astype`, `int` and arrays of integers: `/` alone gives floats, and they must stay floats."
    )
    largest = _("The pixels are divided by the largest pixel there is; divide by 255 whatever the images hold.")
    twice = _("The pixels are scaled twice: divided by 255, and then by 255 again.")
    multiplied = _("The pixels are multiplied by 255; they must be divided by it.")
    by_256 = _("The pixels are divided by 256. The largest pixel is 255, and it must become 1.")
    ways: list[tuple[Callable[[np.ndarray], np.ndarray], Text]] = [
        (lambda pixels: pixels, _("The pixels are not scaled: they come back as they were.")),
        (lambda pixels: pixels / 256, by_256),
        (lambda pixels: pixels / 255 / 255, twice),
        (lambda pixels: pixels * 255, multiplied),
        (lambda pixels: pixels * 255 % 256, multiplied),  # as uint8 keeps it
        (lambda pixels: pixels // 255, whole),
        (lambda pixels: pixels / pixels.max(), largest),
        (lambda pixels: (pixels - pixels.min()) / np.ptp(pixels), largest),
        (
            lambda pixels: pixels / 127.5 - 1,
            _("The pixels are scaled to the range from -1 to 1; from 0 to 1 is asked for."),
        ),
        (
            lambda pixels: 1 - pixels / 255,
            _("Black and white are exchanged: this is 1 minus the scaled pixel."),
        ),
        (
            lambda pixels: (pixels - pixels.mean()) / pixels.std(),
            _("The pixels are standardised (mean 0, standard deviation 1); divide them by 255 instead."),
        ),
    ]
    return [
        *(
            Mistake(
                lambda observed, scale=scale: close(observed, scale(plain)), message, kept if message is whole else None
            )
            for scale, message in ways
        ),
        Mistake(lambda observed: observed.dtype.kind in "iub", whole, kept),
    ]
