from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checking import (
    Call,
    CheckFailed,
    Mistake,
    award,
    expect,
    expect_array,
    expect_count,
    expect_kind,
    expect_layers,
    expect_shape,
    expect_unchanged,
    fail,
    layer,
    require,
)
from grader.protocol.values import KerasValue, Opaque
from tests.checking.contexts import failure

ODD_VALUES: list[Any] = [
    None,
    True,
    0,
    10**5000,
    -(10**400),
    math.nan,
    math.inf,
    1 + 2j,
    "x\x1b[31m\u202e\udc80",
    b"\x00",
    [],
    (),
    {},
    {"a": np.ones(3)},
    {1: {2: {3: {4: {5: {6: {7: 8}}}}}}},
    [np.ones(2), [np.zeros((2, 2))]],
    np.array(["a", "b"]),
    np.array([b"a"]),
    np.array([True, False]),
    np.array([1 + 1j]),
    np.array(3),
    np.ones((0, 3)),
    np.full((2, 2), np.nan),
    np.array([np.inf, 1]),
    np.float16(2),
    np.longdouble(3),
    np.str_("s"),
    np.uint64(2**64 - 1),
    Opaque("builtins.type"),
    KerasValue("layer", {"class_name": "Dense", "config": {}}),
    KerasValue("model", {}),
    int,
    len,
    object(),
]

plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.complex_numbers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=2), inner, max_size=2)
        | st.lists(st.floats(width=32), max_size=4).map(np.array)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("number", range(len(ODD_VALUES)))
@pytest.mark.parametrize("expected", [3, "a", [1, 2], (None, 10), np.ones((2, 3)), 0.5, {"a": 1}], ids=str)
def test_expectations_only_ever_fail_the_check(number: int, expected: Any) -> None:
    observed = ODD_VALUES[number]
    mistakes = [Mistake(lambda value: value.shape[0] == 1 / 0, "never"), Mistake(1, "one"), Mistake(np.ones(1), "ones")]
    array = expected if not isinstance(expected, dict) else 1
    expectations: list[Callable[[], None]] = [
        lambda: expect(observed, expected, mistakes=mistakes),
        lambda: expect_count(observed, 3, mistakes=mistakes),
        lambda: expect_array(observed, array, mistakes=mistakes),
        lambda: expect_array(observed, np.ones(2), dtype="same"),
        lambda: expect_shape(observed, (None, 10), mistakes=mistakes),
        lambda: expect_unchanged(Call(value=None, arguments=(observed,)), 0, expected),
        lambda: expect_kind(observed, "Dense", function="f"),
        lambda: expect_layers(observed, [layer("Dense", units=3)]),
        lambda: require(observed, "not met"),
    ]
    for expectation in expectations:
        _holds_or_fails(expectation)


def _holds_or_fails(expectation: Callable[[], None]) -> None:
    """Call `expectation`, which may raise CheckFailed with texts of a readable length, and nothing else."""
    failed = None
    try:
        expectation()
    except CheckFailed as error:
        failed = error
    if failed is not None:
        assert max(len(str(text)) for text in (failed.message, failed.expected, failed.observed, failed.hint)) < 500


@given(observed=plain_values, expected=plain_values)
def test_expect_is_true_of_a_value_and_itself_and_raises_nothing_else(observed: Any, expected: Any) -> None:
    expect(expected, expected)
    _holds_or_fails(lambda: expect(observed, expected))


def test_expect_tells_kinds_apart() -> None:
    for observed, expected in [(True, 1), (1, 1.0), (0, False), ("1", 1), (None, 0), ([1], [1.0])]:
        failure(expect, observed, expected)
    for observed, expected in [(np.int64(3), 3), ((1, 2), [1, 2]), (math.nan, math.nan), (np.float32(0.1), 0.1)]:
        expect(observed, expected)
    failure(expect, 0.1001, 0.1)


def test_expect_names_the_item_that_differs() -> None:
    error = failure(expect, [1, 2, 4], [1, 2, 3])
    assert str(error) == "Item 2 (counted from 0) is 4 instead of 3."
    assert str(failure(expect, [1], [1, 2])) == "There are 1 items instead of 2."
    assert str(failure(expect, None, [1])) == "The function returned nothing (None)."
    assert str(failure(expect, 5, "5")) == "This is an integer (int), where a string (str) is expected."
    assert str(failure(expect, 5, 6, "Six is asked for.")) == "Six is asked for."


def test_functions_are_equal_only_to_themselves() -> None:
    expect(len, len)
    assert str(failure(expect, len, sum).observed) == "len"


@pytest.mark.parametrize(
    ("observed", "words"),
    [
        (79400, "The count is 79400 instead of 79510."),
        (79510.0, "The number is right, but it is a float"),
        (1.5, "a float"),
        (True, "a truth value"),
        (None, "nothing (None)"),
        ("79510", "a string"),
        (np.array([79510]), "an array of one number"),
        ([79510], "a list"),
        (np.float64(3), "a float"),
    ],
)
def test_a_count_is_an_integer(observed: Any, words: str) -> None:
    assert words in str(failure(expect_count, observed, 79510))


def test_counts_may_be_of_numpy() -> None:
    expect_count(np.int64(5), 5)
    expect_count(np.uint8(5), 5)


def test_mistakes_are_named_in_their_order() -> None:
    mistakes = [
        Mistake(lambda count: count > 100, "too many", hint="fewer"),
        Mistake(78400, "The biases are left out."),
        Mistake(1, "one"),
    ]
    error = failure(expect_count, 78400, 78500, mistakes=mistakes, hint="look at the sum")
    assert (str(error), error.hint) == ("too many", "fewer")
    assert failure(expect_count, 1, 78500, mistakes=mistakes, hint="look").hint == "look"
    expect_count(78500, 78500, mistakes=mistakes)


@pytest.mark.parametrize(
    ("observed", "words"),
    [
        ((32, 10), "The batch dimension is given as 32"),
        ((10,), "The batch dimension is left out"),
        ((None, 1), "Axis 1 (counted from 0) has length 1 instead of 10."),
        ((None, 10, 1), "of length 1, at the end"),
        ((1, None, 10), "of length 1, at the front"),
        ((None, None, 10), "The batch dimension stands there twice"),
        ((None, 28, 10), "dimensions is 3 instead of 2"),
        ((10, None), "in another order"),
        ("(None, 10)", "a string"),
        (None, "nothing (None)"),
    ],
)
def test_shapes_say_what_differs(observed: Any, words: str) -> None:
    assert words in str(failure(expect_shape, observed, (None, 10)))


def test_a_shape_that_is_turned_round_is_told_so() -> None:
    assert "as if the array were transposed" in str(failure(expect_shape, (10, 3), (3, 10)))


def test_shapes_may_be_lists_and_of_numpy_integers() -> None:
    expect_shape([None, np.int64(10)], (None, 10))


def test_an_argument_that_was_changed_is_named_by_its_number() -> None:
    call = Call(value=None, arguments=(1, np.array([1.0, 2.0])))
    expect_unchanged(call, 1, np.array([1.0, 2.0]))
    assert "Argument 2 was changed" in str(failure(expect_unchanged, call, 1, np.array([1.0, 2.1])))
    failure(expect_unchanged, call, 1, np.array([1, 2]))
    failure(expect_unchanged, call, 1, np.array([1.0, 2.0], np.float32))


def test_require_and_fail() -> None:
    require(condition=True, message="fine")
    assert failure(require, np.array([True, True]), "not met").message == "not met"
    assert failure(require, [], "empty").message == "empty"
    error = failure(fail, "no", expected="a", observed="b", hint="c")
    assert (error.expected, error.observed, error.hint, error.fraction) == ("a", "b", "c", 0)


def test_award_ends_a_check_below_one() -> None:
    award(1, "all of it")
    assert failure(award, 0.25, "a quarter").fraction == 0.25


@pytest.mark.parametrize("fraction", [-0.1, 1.1, math.nan, math.inf])
def test_award_takes_a_fraction(fraction: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        award(fraction, "x")
