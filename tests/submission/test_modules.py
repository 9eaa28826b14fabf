"""Reading `.py` files: what they are decoded from, and what keeps them from being read."""

from __future__ import annotations

import codecs
import hashlib
import subprocess
import sys
import warnings

import pytest

from grader.submission import FunctionState, SyntaxProblem
from tests.submission.conftest import Read

RELU = "def relu(z):\n    return z\n"


def only_problem(read: Read, content: str | bytes) -> SyntaxProblem:
    submission = read(content, "relu")
    assert submission.program.chunks == ()
    (problem,) = submission.problems
    return problem


@pytest.mark.parametrize(
    "raw",
    [
        RELU.encode(),
        codecs.BOM_UTF8 + RELU.encode(),
        RELU.replace("\n", "\r\n").encode(),
        RELU.replace("\n", "\r").encode(),
        b"# coding: latin-1\n# \xe9\n" + RELU.encode(),
        b"#!/usr/bin/python\n# -*- coding: cp949 -*-\n# \xb0\xa1\n" + RELU.encode(),
        b"# coding: utf-7\n" + RELU.encode(),
        b"\x0c\n" + RELU.encode(),
        b"x = '''\x0c\x0b\x1c\n'''\n" + RELU.encode(),
        RELU.rstrip().encode(),
        b'pattern = "\\d"\nok = 1 is 1\n' + RELU.encode(),
    ],
)
def test_every_encoding_and_line_ending_that_python_accepts(read: Read, raw: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        submission = read(raw, "relu")
    assert submission.problems == ()
    facts = submission.functions["relu"]
    assert facts.state is FunctionState.WRITTEN
    assert facts.location is not None
    assert submission.line_text(facts.location) == "def relu(z):"
    assert "\r" not in submission.program.chunks[0].source
    assert submission.sha256 == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize(
    ("raw", "words", "line"),
    [
        (b"x = 1\n\xb0\xa1 = 2\n", "not saved as UTF-8", 2),
        (b"x = 1\r\n\r\ny = '\xff'\r\n", "not saved as UTF-8", 3),
        (b"x = 1\ry = 1\rz = '\xff'", "not saved as UTF-8", 3),
        (codecs.BOM_UTF16_LE + RELU.encode("utf-16-le"), "UTF-16", 1),
        (codecs.BOM_UTF16_BE + RELU.encode("utf-16-be"), "UTF-16", 1),
        (RELU.encode("utf-16-le"), "NUL byte", 1),
        (b"x = 1\ny = 2\0\n", "NUL byte", 2),
        (b"# coding: nonsense\nx = 1\n", "nonsense", 1),
        (b"# coding: hex\nx = 1\n", "no encoding of text", 1),
        (b"# coding: punycode\nx = 1\n", "no encoding of text", 1),
        (b"# coding: ascii\nx = '\xe9'\n", "not text in ascii", 2),
        (codecs.BOM_UTF8 + b"# coding: latin-1\nx = 1\n", "coding line", 1),
    ],
)
def test_bytes_that_python_cannot_decode_are_a_problem(read: Read, raw: bytes, words: str, line: int) -> None:
    problem = only_problem(read, raw)
    assert words in str(problem.message)
    assert problem.location.line == line


@pytest.mark.parametrize(
    ("source", "words", "line", "column"),
    [
        ("def relu(z)\n    return z\n", "A colon (:) is missing", 1, 12),
        ("for i in range(3) print(i)\n", "A colon (:) is missing", 1, 19),
        ("else\n", "A colon (:) is missing", 1, 1),
        ("x = (1,\ny = 2\n", "bracket ( that opens here is never closed", 1, 5),
        ("x = [1,\n", "bracket [ that opens here is never closed", 1, 5),
        ("x = 1)\n", "bracket ) closes nothing", 1, 6),
        ("x = (1]\n", "bracket ] does not fit (", 1, 7),
        ("def relu(z):\nreturn z\n", "Line 1 has nothing under it", 2, 1),
        ("def relu(z):\n", "Line 1 has nothing under it", 1, None),
        ("x = 1\n  y = 2\n", "indented further", 2, None),
        ("if 1:\n    x = 1\n  y = 2\n", "another number of spaces", 3, None),
        ("if 1:\n\tx = 1\n        y = 2\n", "Tabs and spaces are mixed", 3, None),
        ("print(“hi”)\n", 'Type " instead', 1, 7),
        ("print（1)\n", "Type ( instead", 1, 6),  # noqa: RUF001 - the full-width bracket is the point
        ("x = ‘a’\n", "Type ' instead", 1, 5),  # noqa: RUF001 - likewise
        ("x = 3 – 2\n", "Type - instead", 1, 7),  # noqa: RUF001 - likewise
        ("x\u00a0= 1\n", "invisible character (U+00A0)", 1, 2),
        ("x = 1\u200b\n", "invisible character (U+200B)", 1, 6),
        ("x = 3 €\n", "not a character of Python", 1, 7),
        ('x = "abc\n', "no closing quote", 1, 5),
        ('x = """abc\n', "never closed with three quotes", 1, None),
        ("if x = 1:\n    pass\n", "write ==", 1, 4),
        ("f(a b)\n", "Perhaps a comma is missing", 1, 3),
        ('print "a"\n', "print needs parentheses", 1, 1),
        ("x = 1\nreturn x\n", "This return stands outside a function", 2, 1),
        ("try:\n    x = 1\ny = 2\n", "needs an except or a finally", 3, None),
        ("f(a=1, 2)\n", "must come after those without", 1, None),
        ("f(a=1, a=2)\n", "a is given twice", 1, None),
        ("x = 1 +\n", "invalid syntax", 1, 8),
        ("await f()\n", "outside a function", 1, 1),
        ("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> theirs\n", "merge conflict of git", 1, None),
        ("x = 0\n<<<<<<< HEAD\n=======\n>>>>>>> theirs\n", "merge conflict of git", 2, None),
        ("-" * 90_000 + "1", "nested too deeply", 1, None),
        ("(" * 5_000, "too many nested parentheses", 1, None),
        ("x = " + "+".join(["1"] * 40_000), "nested too deeply", 1, None),
        ("import a" + ".a" * 45_000, "nested too deeply", 1, None),
        ("x = " + "lambda: " * 600 + "1", "nested too deeply", 1, None),
    ],
)
def test_a_syntax_error_is_told_in_kind_words(
    read: Read, source: str, words: str, line: int, column: int | None
) -> None:
    problem = only_problem(read, source)
    assert words in str(problem.message)
    assert problem.location.line == line
    assert problem.location.cell is None
    if column is not None:
        assert problem.column == column
    assert (
        problem.line
        == source.split("\n")[line - 1].replace("\t", " ").replace("\u200b", "\ufffd").replace("\u00a0", "\ufffd")[:200]
    )


def test_a_conflict_marker_in_a_string_is_no_conflict(read: Read) -> None:
    assert read('x = """\n<<<<<<< a\n>>>>>>> b\n"""\n').problems == ()


def test_a_problem_shows_no_raw_control_character(read: Read) -> None:
    problem = only_problem(read, "x = \x1b[31m\n")
    assert problem.line == "x = \ufffd[31m"
    assert "\x1b" not in str(problem.message)


def test_the_functions_of_text_that_does_not_parse_are_unknown_where_they_stand(read: Read) -> None:
    submission = read("x = (\ndef relu(z):\n    return z\ndef BuildModel(): pass\n", "relu", "build_model", "other")
    relu, model, other = submission.functions.values()
    assert (relu.state, relu.location and relu.location.line) == (FunctionState.UNKNOWN, 2)
    assert (model.state, model.suggestion) == (FunctionState.MISSPELT, "BuildModel")
    assert other.state is FunctionState.MISSING


def test_nothing_is_known_of_bytes_that_are_no_text(read: Read) -> None:
    submission = read(b"\xff", "relu")
    assert submission.functions["relu"].state is FunctionState.UNKNOWN


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("%matplotlib inline", "pass"),
        ("!pip install keras", "pass"),
        ("%%time", "pass"),
        ("pip install keras", "pass"),
        ("relu?", "pass"),
        ("get_ipython().run_line_magic('matplotlib', 'inline')", ""),
        ("get_ipython().system('pip install keras')", ""),
    ],
)
def test_commands_left_by_an_export_are_blanked_and_told(read: Read, line: str, shown: str) -> None:
    submission = read(f"import numpy\n{line}\n{RELU}", "relu")
    assert submission.problems == ()
    assert submission.program.chunks[0].source == f"import numpy\n{shown}\n{RELU}"
    assert submission.functions["relu"].state is FunctionState.WRITTEN
    assert f"line 2: {line[:40]}" in str(submission.notes[0])


def test_a_mistake_that_looks_like_a_shell_command_stays_a_mistake_in_a_module(read: Read) -> None:
    assert "invalid syntax" in str(only_problem(read, "x = !ready\n").message)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("exercise_2", "exercise_2"),
        ("my-work 2", "my_work_2"),
        ("2nd", "_2nd"),
        ("class", "_class"),
        ("json", "json_submission"),
        ("numpy", "numpy_submission"),
        ("grader", "grader_submission"),
        ("제출", "__"),
    ],
)
def test_the_module_name_is_an_identifier_that_shadows_nothing(read: Read, name: str, expected: str) -> None:
    assert read(RELU, name=name).program.module_name == expected


def test_a_name_with_control_characters_is_shown_escaped(read: Read) -> None:
    submission = read("def relu(:\n", "relu", name="a\x1b[31m\u202e")
    shown = "a\\x1b[31m\\u202e.py"
    assert submission.path.endswith(shown)
    assert submission.problems[0].location.file == shown


@pytest.mark.slow
def test_reading_imports_nothing_heavy() -> None:
    code = "import sys, grader.submission; print([m for m in ('nbformat', 'numpy', 'tensorflow') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("encoding", ["raw_unicode_escape", "utf-7"])
def test_half_a_surrogate_pair_that_a_codec_gives_is_replaced(read: Read, encoding: str) -> None:
    half = {"raw_unicode_escape": rb"\ud800", "utf-7": b"+2AA-"}[encoding]
    submission = read(b"# coding: " + encoding.encode() + b"\nx = '" + half + b"'\n\ny = 1\n")
    assert submission.originals["exercise_2.py"].split("\n")[1:] == ["x = '\ufffd'", "", "y = 1", ""]
    assert submission.problems == ()
