from __future__ import annotations

import ast

import pytest

from grader.submission import parsing
from grader.submission.compiling import CAPTURED, compiles_quickly
from tests.submission.conftest import Read

NESTED = "try:\n    try:\n        f()\n    finally:\n        g()\nfinally:\n    h()\n"
WAYS_OUT = "def f():\n    try:\n" + "        if a: return\n" * 60 + "    finally:\n" + "        a\n" * 30


def pattern(names: int) -> str:
    return "match a:\n    case [" + ",".join(f"a{number}" for number in range(names)) + "]: pass\n"


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    f()\nexcept A:\n    g()\nelse:\n    h()\n",
        "def f():\n    try:\n        return g()\n    finally:\n        h()\n" * 50,
        "try:\n    try:\n        f()\n    except* A:\n        g()\nfinally:\n    h()\n",
        pattern(CAPTURED) * 2,
    ],
)
def test_what_people_write_compiles_quickly(source: str) -> None:
    assert compiles_quickly(source, ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        NESTED,
        "try:\n    f()\nfinally:\n    try:\n        g()\n    finally:\n        h()\n",
        "try:\n    def f():\n        try:\n            g()\n        finally:\n            h()\nfinally:\n    i()\n",
        WAYS_OUT,
        pattern(CAPTURED + 1),
    ],
)
def test_what_the_compiler_copies_or_compares_out_of_proportion_does_not(source: str) -> None:
    assert not compiles_quickly(source, ast.parse(source))


def test_nested_finally_multiplies_what_the_compiler_writes() -> None:
    # The reason for all this: another level makes the code three times as long, and there may be twenty.
    sizes = [len(compile(finally_within(depth), "", "exec").co_consts[0].co_code) for depth in (3, 4, 5)]
    assert sizes[1] > 1.9 * sizes[0]
    assert sizes[2] > 1.9 * sizes[1]


def test_text_that_would_take_the_compiler_long_is_read_without_it(read: Read) -> None:
    (problem,) = read("return 1\n").problems
    assert "outside a function" in str(problem.message)
    assert read(finally_within(19) + "return 1\n").problems == ()
    assert parsing.parse(finally_within(1), top_level_await=False) is not None


def finally_within(depth: int) -> str:
    """A function in which each of `depth` blocks of `finally`, one around the other, has two ways out."""
    begin = "".join(" " * (level + 1) + "try:\n" for level in range(depth))
    end = "".join(
        " " * (level + 1) + "finally:\n" + (" " * (level + 2) + "if a: return\n") * 2
        for level in reversed(range(depth))
    )
    return f"def f():\n{begin}{' ' * (depth + 1)}return\n{end}"
