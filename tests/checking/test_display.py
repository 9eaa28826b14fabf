from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.checking.display import describe_kind, show, show_number, show_shape
from grader.protocol.values import Opaque


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (79510, "79510"),
        (79510.0, "79510.0"),
        (float(np.float32(0.1)), "0.1"),
        (0.1 + 1e-5, "0.10001"),
        ("a\nb", "'a\\nb'"),
        ([1, (2,), None], "[1, (2,), None]"),
        ({"a": [True]}, "{'a': [True]}"),
        ((None, 10), "(None, 10)"),
        (np.int64(3), "3"),
        (np.arange(3), "array of shape (3,), int64: 0, 1, 2"),
        (np.zeros((2, 5)), "array of shape (2, 5), float64: 0, 0, 0, 0, 0, 0, …"),
        (np.ones((0, 3)), "array of shape (0, 3), float64: "),
        (10**3000, "10^3000"),
        (-(10**3000), "-10^3000"),
        (int, "int"),
        (Opaque("pandas.DataFrame"), "an object of class pandas.DataFrame"),
        ([np.ones((2, 2))], "[array(2, 2)]"),
    ],
)
def test_values_are_shown_short(value: Any, shown: str) -> None:
    assert str(show(value)) == shown


@pytest.mark.parametrize(
    "value", ["x" * 10**6, list(range(10**5)), dict.fromkeys(range(1000), 0), [[["a" * 500] * 9] * 9]]
)
def test_long_values_are_cut(value: Any) -> None:
    assert len(str(show(value))) <= 121


def test_a_list_that_holds_itself_is_shown() -> None:
    value: list[Any] = []
    value.append(value)
    assert str(show(value)) == "[[[[[[…]]]]]]"


def test_kinds_have_articles() -> None:
    values: list[Any] = [None, True, 1, 1.0, [], np.ones(1)]
    assert [str(describe_kind(value)) for value in values] == [
        "nothing (None)",
        "a truth value (bool)",
        "an integer (int)",
        "a floating-point number (float)",
        "a list",
        "a NumPy array",
    ]


def test_numbers_and_shapes() -> None:
    assert show_number(1 / 3) == "0.333333"
    assert show_number(np.bool_(True)) == "True"  # noqa: FBT003 - NumPy takes no keyword
    assert show_shape((3,)) == "(3,)"
