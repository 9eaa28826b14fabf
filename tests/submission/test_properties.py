"""Whatever a student hands in: it is read, or refused in one line, and every line finds its way back."""

from __future__ import annotations

import ast
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.language import Translator
from grader.submission import FunctionState, Submission, read_submission
from grader.submission.magics import without_commands
from tests.submission.conftest import notebook_text

FUNCTIONS = ("relu", "build_model")
STATEMENTS = [
    "import numpy as np",
    "from tensorflow import keras",
    "from helpers import *",
    "N = 3",
    "N += 1",
    "CONFIG['n'] = N; other = 2",
    "relu = lambda z: np.maximum(z, N)",
    "def relu(z):\n    # why\n\n    return step(z)",
    "@wrap(N)\n\ndef step(z=N):\n    '''\n%doc\n\n    '''\n    return CONFIG",
    "class A:\n\n    n = N\n    def m(self): return step",
    "CONFIG = {\n    'a': N,\n\n}",
    "try:\n    build_model = A()\nexcept E as N:\n    pass",
    "x = '''\n'''; y = N",
    "model = relu(\n    1,\n)\nmodel.fit()",
    "for step in N:\n    print(step)",
    "%matplotlib inline",
    "!pip install \\\n    keras",
    "x = !ls",
    "# only a comment",
    "\f",
    "def broken(:",
    "가 = N",
    "s = 'a\x0bb\u2028c\x1c'",
]
cells = st.lists(st.sampled_from(STATEMENTS), max_size=6).map("\n".join)
endings = st.sampled_from(["\n", "\r\n", "\r"])


def read(raw: bytes, suffix: str) -> Submission:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"exercise_2{suffix}"
        path.write_bytes(raw)
        return read_submission(path, functions=FUNCTIONS)


def check(submission: Submission) -> None:
    """What is true of every submission that was read."""
    english = Translator.english()
    assert list(submission.functions) == list(FUNCTIONS)
    for problem in submission.problems:
        assert "\n" not in english.render(problem.message)
        assert "\n" not in problem.line
        assert problem.location.line >= 1
    for note in submission.notes:
        assert english.render(note).isprintable()
    for facts in submission.functions.values():
        assert (facts.location is not None) or facts.state is not FunctionState.WRITTEN
        if facts.location is not None:
            assert (
                facts.name in (submission.line_text(facts.location) or "") or facts.state is not FunctionState.WRITTEN
            )
    for chunk in submission.program.chunks:
        ast.parse(chunk.source)
        lines = chunk.source.split("\n")
        assert submission.locate(chunk.filename, len(lines)) is not None
        assert submission.locate(chunk.filename, len(lines) + 1) is None
        for number, line in enumerate(lines, 1):
            location = submission.locate(chunk.filename, number)
            assert location is not None
            assert location.cell == chunk.cell
            if line.strip() not in {"", "pass"}:
                assert line.strip() == submission.line_text(location)


@settings(max_examples=150, deadline=None)
@given(raw=st.binary(max_size=200), suffix=st.sampled_from([".py", ".ipynb"]))
@example(raw=b"# coding: unicode_escape\n\\", suffix=".py")
@example(raw=b"# coding: undefined\nx", suffix=".py")
@example(raw=b"\x00" * 100, suffix=".ipynb")
def test_no_bytes_break_the_reader(raw: bytes, suffix: str) -> None:
    check(read(raw, suffix))


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=200), magic=st.sampled_from(["", "%", "!", "'''", "def relu(", "\\\n"]))
def test_no_text_breaks_the_reader(text: str, magic: str) -> None:
    raw = (magic + text).encode("utf-8", "surrogatepass")
    check(read(raw, ".py"))


@settings(max_examples=100, deadline=None)
@given(
    encoding=st.sampled_from([
        "ascii", "base64", "big5", "cp037", "cp949", "euc_kr", "hz", "idna", "iso2022_kr", "johab", "mbcs", "oem",
        "punycode", "raw_unicode_escape", "rot13", "undefined", "unicode_escape", "utf-16", "utf-32", "utf-7",
        "utf-8-sig", "zlib",
    ]),
    raw=st.binary(max_size=100),
)  # fmt: skip
def test_no_coding_line_breaks_the_reader(encoding: str, raw: bytes) -> None:
    check(read(b"# coding: " + encoding.encode() + b"\n" + raw, ".py"))


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["cells", "cell_type", "source", "nbformat", "worksheets", "input"]), inner)
    ),
    max_leaves=15,
)


@settings(max_examples=150, deadline=None)
@given(content=json_values)
def test_no_json_breaks_the_reader(content: Any) -> None:
    check(read(json.dumps(content).encode(), ".ipynb"))


@settings(max_examples=50, deadline=None)
@given(cell=st.dictionaries(st.sampled_from(["cell_type", "source", "outputs", "id"]), json_values), rest=json_values)
def test_no_odd_cell_spoils_the_others(cell: dict[str, Any], rest: Any) -> None:
    good = {"cell_type": "code", "source": "def relu(z):\n    return z"}
    content = {"nbformat": 4, "metadata": rest, "cells": [{**cell, "cell_type": "code"}, rest, good]}
    submission = read(json.dumps(content).encode(), ".ipynb")
    check(submission)
    assert submission.functions["relu"].state is FunctionState.WRITTEN


@settings(max_examples=200, deadline=None)
@given(sources=st.lists(cells, max_size=6), ending=endings)
def test_every_line_of_a_notebook_finds_its_way_back(sources: list[str], ending: str) -> None:
    check(read(notebook_text([source.replace("\n", ending) for source in sources]).encode(), ".ipynb"))


@settings(max_examples=200, deadline=None)
@given(source=cells, ending=endings)
def test_every_line_of_a_module_finds_its_way_back(source: str, ending: str) -> None:
    check(read(source.replace("\n", ending).encode(), ".py"))


@given(source=st.text(alphabet=list("ab=%!?'\"\\()[]{}#\n ."), max_size=80))
def test_taking_commands_out_keeps_the_number_of_lines(source: str) -> None:
    treated = without_commands(source, notebook=True)
    assert treated.source.count("\n") == source.count("\n")


@settings(max_examples=50, deadline=None)
@given(name=st.text(min_size=1, max_size=20).filter(lambda name: "/" not in name and name not in {".", ".."}))
def test_no_name_breaks_the_reader(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.py"
        try:
            path.write_bytes(b"def relu(z): return z\n")
        except (OSError, ValueError):
            with pytest.raises(SubmissionError) as caught:
                read_submission(path, functions=FUNCTIONS)
            assert str(caught.value.message).isprintable()
            return
        submission = read_submission(path, functions=FUNCTIONS)
        assert submission.program.module_name.isidentifier()
        assert submission.path.isprintable()
        check(submission)
