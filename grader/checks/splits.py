"""Samples for the checks of exercise 1 that can be told apart after a split, and what goes wrong in splits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from grader.checking import Mistake, expect, expect_shape, require
from grader.checks.pixels import PIXELS, SIDE, close, draw_images, require_array, require_numbers, tolerance
from grader.language import _

PARTS: Final = "(train_inputs, val_inputs, train_targets, val_targets)"
NUMBERED: Final = [1, 26 * SIDE + 27]
"""The pixels of a row that hold the number of its image: a transposition puts other pixels there."""
_HELD_OUT: Final = 0.2
_SEED: Final = 42
_OTHER_SEEDS: Final = (0, 1, 2, 3, 7, 10, 13, 24, 41, 43, 100, 123, 1234, *range(2020, 2031))
"""Seeds in common use, which can therefore be told by name."""
_OTHER_FRACTIONS: Final = (0.25, 0.1, 0.3, 0.15, 0.4, 0.5)
"""0.25 is what scikit-learn holds out when `test_size` is left out."""


Samples = tuple[np.ndarray, np.ndarray]
"""Inputs and their targets, sample by sample."""


def draw_targets(rng: np.random.Generator, count: int) -> np.ndarray:
    """`(count,)` uint8 labels of all ten classes, in random order and unequal numbers."""
    numbers = np.arange(count)
    return rng.permutation(np.where(numbers % 3 == 0, numbers // 3, numbers) % 10).astype(np.uint8)


def draw_samples(rng: np.random.Generator) -> Samples:
    """Inputs `(n, 3)` whose first column is the sample's number, and targets `(n,)`."""
    count = int(rng.integers(401, 600))
    inputs = rng.uniform(0, 1, (count, 3))
    inputs[:, 0] = np.arange(count)
    return inputs, draw_targets(rng, count)


def draw_numbered(rng: np.random.Generator) -> Samples:
    """Images with their number in two pixels, `NUMBERED`, and their labels.

    Rows that were put together in another order have something else there. There are enough images for every part of
    a split to have a size of its own, none of them `SIDE`, and few enough to be soon sent there and back.
    """
    count = int(rng.integers(37, 57))
    images = draw_images(rng, count)
    images.reshape(count, PIXELS)[:, NUMBERED] = np.arange(count)[:, np.newaxis]
    return images, draw_targets(rng, count)


def numbered(parts: Sequence[np.ndarray]) -> tuple[list[int], Samples]:
    """Which samples of `draw_samples` the four parts of a split hold, and the samples; the training part first.

    Raises CheckFailed for other shapes.
    """
    inputs, targets = joined(parts[:2], width=3), joined(parts[2:], width=None)
    return [int(number) for number in inputs[:, 0].tolist()], (inputs, targets)


def joined(parts: Sequence[np.ndarray], *, width: int | None) -> np.ndarray:
    """Two parts of a split as one array: `(n, width)`, or `(n,)` without a width. Raises CheckFailed for others."""
    for part in parts:
        expected = (len(part), width) if width is not None and part.ndim else (part.size,)
        expect_shape(part.shape, expected)
        require_numbers(part)
    return np.concatenate(parts)


def require_parts(value: Any, function: str) -> Sequence[np.ndarray]:
    """`value` as the four arrays that `function` must return. Raises CheckFailed for anything else."""
    require(
        value is not None,
        _("{function} returned nothing (None).", function=function),
        hint=_("End the function with `return` and the four arrays."),
    )
    found = len(value) if isinstance(value, list | tuple) else 1
    require(
        isinstance(value, list | tuple) and found == 4,
        _("{function} must return four arrays: {parts}.", function=function, parts=PARTS),
        expected=_("4 arrays"),
        observed=_("values returned: {count}", count=found),
    )
    for part in value:
        require_array(part, function)
    return list(value)


def expect_part_shapes(parts: Sequence[np.ndarray], count: int, width: int) -> None:
    """Expect the shapes of a split of `count` samples of `width` numbers. Raises CheckFailed."""
    expected = _part_shapes(count, width, _HELD_OUT)
    train_inputs, val_inputs, train_targets, val_targets = expected
    places = {"parts": PARTS}
    mistakes = [
        Mistake(
            [train_inputs, train_targets, val_inputs, val_targets],
            _("The results are in the wrong order: inputs and targets alternate. The order is {parts}.", **places),
        ),
        Mistake(
            [val_inputs, train_inputs, val_targets, train_targets],
            _(
                "The results are in the wrong order: the small part stands before the large one. The order is {parts}.",
                **places,
            ),
        ),
        Mistake(
            lambda observed: sorted(map(repr, observed)) == sorted(map(repr, expected)),
            _("The results are in the wrong order. The order is {parts}.", **places),
        ),
        Mistake(
            _part_shapes(count, width, 1 - _HELD_OUT),
            _("80 % of the samples are held out for validation; it must be 20 %."),
        ),
        *(
            Mistake(
                _part_shapes(count, width, fraction),
                _("{percent} % of the samples are held out; it must be 20 %.", percent=f"{100 * fraction:g}"),
            )
            for fraction in _OTHER_FRACTIONS
        ),
        Mistake(
            lambda observed: observed[1][0] == 0,
            _("Nothing is held out: the cut is made at a fixed number, and not at 80 % of the samples that there are."),
        ),
        Mistake(
            lambda observed: len(observed[0]) == len(observed[1]) == 3,
            _("The inputs are not flattened: each sample must be one row of 784 numbers."),
        ),
    ]
    shapes = [tuple(part.shape) for part in parts]
    expect(shapes, expected, _("The shapes of the four arrays are not right."), mistakes=mistakes)


def expect_together(taken: Sequence[int], parts: Samples, samples: Samples) -> None:
    """Expect that every one of `samples` was taken once, as it was, with its own target. Raises CheckFailed.

    `taken` are their numbers in the order in which they stand in `parts`, the training part first.
    """
    positions = list(taken)
    require(
        sorted(positions) == list(range(len(samples[1]))) and _same(parts[0], samples[0][positions]),
        _("Some samples are lost, changed, or stand in both parts: each one belongs to exactly one part, as it was."),
    )
    require(
        close(parts[1], samples[1][positions]),
        _("The targets no longer belong to their inputs: the two were shuffled or cut in different ways."),
    )


def expect_split(taken: Sequence[int], targets: np.ndarray) -> None:
    """Expect the samples `taken`, training first, to be those of scikit-learn's split with seed 42.

    Raises CheckFailed.
    """
    count = len(targets)
    held_out = math.ceil(count * _HELD_OUT)

    def is_stratified(observed: list[int]) -> bool:
        from sklearn.model_selection import train_test_split  # noqa: PLC0415 - takes long to import, and is rarely asked

        parts = train_test_split(range(count), test_size=_HELD_OUT, random_state=_SEED, stratify=targets)
        return observed == [number for part in parts for number in part]

    not_shuffled = _("The samples are not shuffled: they are cut as they stand. Leave `shuffle` on.")
    mistakes = [
        Mistake(list(range(count)), not_shuffled),
        Mistake([*range(held_out, count), *range(held_out)], not_shuffled),
        *(
            Mistake(
                lambda observed, seed=seed: is_split(observed, seed),
                _("This is the split of random_state={seed}; 42 is asked for.", seed=seed),
            )
            for seed in _OTHER_SEEDS
        ),
        Mistake(
            lambda observed: sorted(observed[: count - held_out]) == sorted(_split(count)[: count - held_out]),
            _("The right samples are held out, but in another order; leave them as train_test_split gives them."),
        ),
        Mistake(
            is_stratified,
            _("This split is stratified: it holds out a part of each class. Leave `stratify` out."),
        ),
    ]
    message = _("These are not the samples that random_state=42 holds out: the seed or the way to shuffle is another.")
    expect(list(taken), _split(count), message, mistakes=mistakes)


def is_split(taken: Sequence[int], seed: int = _SEED) -> bool:
    """Whether the samples `taken`, training first, are those of `train_test_split` with this seed."""
    return list(taken) == _split(len(taken), seed)


def _split(count: int, seed: int = _SEED) -> list[int]:
    """`train_test_split` of so many numbers, written out: to import it takes longer than all checks.

    NumPy keeps the stream of `RandomState` as it is for all time.
    """
    held_out = math.ceil(count * _HELD_OUT)
    positions: list[int] = np.random.RandomState(seed).permutation(count).tolist()
    return [*positions[held_out:], *positions[:held_out]]


def _same(found: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether the samples are the same, as nearly as their dtype can tell."""
    with np.errstate(all="ignore"):
        return found.shape == wanted.shape and np.allclose(found, wanted, rtol=1e-5, atol=tolerance(found))


def _part_shapes(count: int, width: int, fraction: float) -> list[tuple[int, ...]]:
    # scikit-learn rounds the held-out part up.
    held_out = math.ceil(count * fraction)
    return [(count - held_out, width), (held_out, width), (count - held_out,), (held_out,)]
