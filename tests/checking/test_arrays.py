from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.checking import CheckFailed, Mistake, expect_array
from tests.checking.contexts import failure

IMAGES = np.random.default_rng(1).integers(0, 256, (5, 28, 28)).astype(np.uint8)
FLAT = IMAGES.reshape(5, 784)
SCALED = IMAGES / 255


@pytest.mark.parametrize(
    ("observed", "expected", "words"),
    [
        (FLAT.tolist(), FLAT, "a list where a NumPy array is expected"),
        (None, FLAT, "nothing (None)"),
        ("x", FLAT, "a string (str) where a NumPy array"),
        (3.0, FLAT, "a floating-point number (float) where a NumPy array"),
        (FLAT.T, FLAT, "transposed: rows and columns"),
        (FLAT.reshape(784, 5), FLAT, "backwards, as if the array were transposed"),
        (FLAT[0], FLAT, "The first dimension, for the samples, is missing"),
        (FLAT[None], FLAT, "one dimension too many, of length 1, at the front"),
        (FLAT[..., None], FLAT, "one dimension too many, of length 1, at the end"),
        (FLAT.ravel(), FLAT, "one long row"),
        (IMAGES.transpose(1, 0, 2), IMAGES, "right lengths in another order"),
        (FLAT[:3], FLAT, "Axis 0 (counted from 0) has length 3 instead of 5."),
        (IMAGES, FLAT, "dimensions is 3 instead of 2"),
        (IMAGES / 256, SCALED, "after a division by 256 instead of 255"),
        (SCALED / 255, SCALED, "scaling twice"),
        (IMAGES.astype(float), SCALED, "it was not divided by 255"),
        (IMAGES, SCALED, "it was not divided by 255"),
        (SCALED * 3, SCALED, "Every number is 3 times what is expected."),
        (-SCALED, SCALED, "the opposite sign"),
        (SCALED + 2, SCALED, "off by the same amount, 2."),
        (IMAGES // 255, SCALED, "lost their fractions"),
        (np.rint(SCALED * 10), SCALED * 10, "lost their fractions"),
        (np.round(SCALED, 2), SCALED, "rounded to 2 digits"),
        (IMAGES.transpose(0, 2, 1).reshape(5, 784), FLAT, "column by column (Fortran order) instead of row by row"),
        (FLAT.ravel().reshape((5, 784), order="F"), FLAT, "laid out column by column (Fortran order)"),
        (FLAT[[1, 0, 2, 4, 3]], FLAT, "the right rows in another order"),
        (FLAT[::-1], FLAT, "The order is reversed."),
        (np.roll(FLAT, 1, axis=1), FLAT, "Each row has the right numbers in another order"),
        (np.roll(FLAT.ravel(), 790).reshape(5, 784), FLAT, "These are the right numbers in another order"),
        (FLAT[:, :5].T, FLAT[:, :5], "transposed"),
        (np.array(["1", "2"]), np.array([1, 2]), "The array holds strings where numbers are expected."),
        (np.array([True, False]), np.array([1, 0]), "truth values (bool) where numbers"),
        (np.array([1j, 2j]), np.array([1.0, 2.0]), "complex numbers where numbers"),
    ],
)
def test_known_mistakes_are_named(observed: Any, expected: np.ndarray, words: str) -> None:
    assert words in str(failure(expect_array, observed, expected))


def test_the_first_difference_has_an_index() -> None:
    observed = SCALED.copy()
    observed[2, 3, 4] += 0.25
    observed[4, 0, 0] += 0.5
    error = failure(expect_array, observed, SCALED)
    assert str(error) == "2 of 3920 values differ by more than 1e-06."
    assert str(error.expected) == f"{SCALED[2, 3, 4]:.6g} at index [2, 3, 4]"
    assert str(error.observed) == f"{observed[2, 3, 4]:.6g} at index [2, 3, 4]"


def test_nan_and_infinity() -> None:
    wanted = np.array([0.0, 1.0, np.nan, np.inf])
    expect_array(wanted.copy(), wanted)
    one_more = np.array([0.0, np.nan, np.nan, np.inf])
    assert "There is NaN where a number belongs (1 of 4)" in str(failure(expect_array, one_more, wanted))
    assert "NaN must stay NaN" in str(failure(expect_array, np.array([0.0, 1.0, 0.0, np.inf]), wanted))
    assert "There is infinity" in str(failure(expect_array, np.array([0.0, np.inf, np.nan, np.inf]), wanted))
    failure(expect_array, np.array([0.0, 1.0, np.nan, -np.inf]), wanted)


def test_dtypes() -> None:
    single = SCALED.astype(np.float32)
    expect_array(single, SCALED)
    expect_array(single, SCALED, dtype="float")
    expect_array(single, SCALED, dtype=np.float32)
    expect_array(FLAT, FLAT, dtype="same")
    assert "float32 instead of float64" in str(failure(expect_array, single, SCALED, dtype="same"))
    assert "float64 instead of float32" in str(failure(expect_array, SCALED, SCALED, dtype=np.dtype("float32")))
    zeros = np.zeros((3, 3), int)
    assert "where floating-point numbers are expected" in str(failure(expect_array, zeros, zeros / 255, dtype="float"))
    assert "lost their fractions" in str(failure(expect_array, IMAGES // 255, SCALED, dtype="float"))


def test_a_number_will_do_where_one_is_expected() -> None:
    for observed in (3, 3.0, np.float32(3), np.array(3.0)):
        expect_array(observed, 3.0)
    assert "a truth value (bool) where a number is expected" in str(failure(expect_array, True, 1))  # noqa: FBT003
    assert "a list where" in str(failure(expect_array, [3.0], 3.0))
    failure(expect_array, 10**400, 3.0)
    assert str(failure(expect_array, 4.0, 3.0)) == "The number is not the expected one."


def test_integers_are_compared_exactly() -> None:
    big = np.array([2**60, 2**60 + 1])
    expect_array(big.copy(), big)
    failure(expect_array, big + 1, big)
    expect_array(np.array([1], np.uint8), np.array([1]))


def test_mistakes_come_before_the_built_in_words() -> None:
    mistakes = [
        Mistake(lambda observed: observed.ndim == 7, "seven"),
        Mistake(np.zeros((2, 2)), "other shape"),
        Mistake(IMAGES / 256, "The pixels are divided by 256.", hint="255"),
    ]
    error = failure(expect_array, (IMAGES / 256).astype(np.float32), SCALED, mistakes=mistakes, hint="general")
    assert (str(error), error.hint) == ("The pixels are divided by 256.", "255")
    assert failure(expect_array, SCALED[:2], SCALED, mistakes=mistakes, hint="general").hint == "general"


def test_empty_arrays() -> None:
    expect_array(np.ones((0, 28, 28)), np.ones((0, 28, 28)))
    failure(expect_array, np.ones((0,)), np.ones((0, 28, 28)))


arrays = hnp.arrays(
    st.sampled_from([np.dtype(name) for name in ("f4", "f8", "i8", "u1", "bool", "c16", "U2")]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)


@pytest.mark.parametrize("numbers", [np.zeros((1, 1, 2)), np.zeros((1, 1, 2), complex), np.zeros((1, 1, 2), bool)])
def test_text_is_equal_to_no_number_whatever_the_shapes(numbers: np.ndarray) -> None:
    failure(expect_array, numbers, np.array([[["a"]], [["b"]]]))
    failure(expect_array, np.array([[["a"]], [["b"]]]), numbers)


@given(observed=arrays, expected=arrays)
def test_any_two_arrays_can_be_compared(observed: np.ndarray, expected: np.ndarray) -> None:
    expect_array(expected, expected)
    failed = None
    try:
        expect_array(observed, expected, dtype="float")
    except CheckFailed as error:
        failed = error
    if failed is not None:
        assert max(len(str(text)) for text in (failed.message, failed.expected, failed.observed, failed.hint)) < 400
