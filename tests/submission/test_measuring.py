from __future__ import annotations

import ast
import unicodedata
from collections.abc import Callable

import pytest

from grader.submission import FunctionState
from grader.submission.measuring import COMBINED, WORDS, has_more_values, heaped_marks, words
from tests.submission.conftest import Read


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), (" \n\t", 0), ("a_1 += 0.5", 6), ("가나 다", 2), ("# not all of it", 5), ("((\n))", 4)],
)
def test_words_and_signs_are_counted(text: str, count: int) -> None:
    assert words(text) == count


@pytest.mark.parametrize(
    "source",
    [
        "a\n" * 100,
        "a;" * 100,
        "import a\n" * 100,
        "x = " + "a<" * 100 + "a",
        "def f():0\n" * 100,
        "f'" + "{a}" * 100 + "'",
        "f'" + "{a!r:>{b}}c" * 100 + "'",
        "x = [" + "*a," * 100 + "]",
        "match a:\n" + "    case [b]:0\n" * 100,
        "[0 " + "for a in b " * 100 + "]",
        "lambda:" * 50 + "a",
    ],
)
def test_a_tree_has_at_most_two_nodes_for_a_word(source: str) -> None:
    shared = ast.expr_context | ast.operator | ast.cmpop | ast.unaryop | ast.boolop
    nodes = [node for node in ast.walk(ast.parse(source)) if not isinstance(node, shared)]
    assert len(nodes) <= 2 * words(source) + 10


def test_a_module_with_more_words_than_are_read_is_told_and_not_parsed(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    parse: Callable[[str], ast.Module] = ast.parse

    def counted(source: str) -> ast.Module:
        parsed.append(source)
        return parse(source)

    monkeypatch.setattr(ast, "parse", counted)
    source = "def relu(z):\n    return z\n" + "x\n" * WORDS
    submission = read(source, "relu")
    assert parsed == []
    (problem,) = submission.problems
    assert f"more than {WORDS:,} words and signs" in str(problem.message)
    assert submission.functions["relu"].state is FunctionState.UNKNOWN
    assert submission.program.chunks == ()
    assert read(source[: len(source) // 2], "relu").problems == ()
    assert len(parsed) == 1


def test_heaps_of_marks_are_found_with_their_line_and_told(read: Read) -> None:
    acute, below = "\N{COMBINING ACUTE ACCENT}", "\N{COMBINING GRAVE ACCENT BELOW}"
    assert unicodedata.combining(acute) != unicodedata.combining(below)
    heap = "x" + (acute + below) * COMBINED
    assert heaped_marks(f"a\n\nb {heap}") == 3
    assert heaped_marks("e" + acute * COMBINED + "e" + acute * COMBINED) is None
    assert heaped_marks("# " + "─" * 1_000 + "🙂" * 1_000 + "가" * 1_000) is None
    (problem,) = read(f"a = 1\n{heap} = 1").problems
    assert problem.location.line == 2
    assert "broken character" in str(problem.message)


def test_values_are_counted_up_to_the_limit() -> None:
    content = {"a": [1, "two", None], "b": {"c": {}}}
    assert not has_more_values(content, 7)
    assert has_more_values(content, 6)
    assert has_more_values([[0] * 10] * 10, 100)
