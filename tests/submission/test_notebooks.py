from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from grader.submission import FunctionState, read_submission
from grader.submission.decoding import Fault
from grader.submission.measuring import CELLS
from grader.submission.notebooks import Cell, read_cells
from tests.submission.conftest import Read, notebook_text


def code(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source, **more}


def as_json(cells: Any, **more: Any) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}).encode()


V3 = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": "old"},
    "worksheets": [
        {
            "metadata": {},
            "cells": [
                {"cell_type": "heading", "level": 1, "metadata": {}, "source": ["Title"]},
                {
                    "cell_type": "code",
                    "language": "python",
                    "collapsed": False,
                    "metadata": {},
                    "input": ["x = 1\n", "y = 2"],
                    "outputs": [{"output_type": "pyout", "prompt_number": 1, "text": ["1"], "metadata": {}}],
                    "prompt_number": 1,
                },
            ],
        }
    ],
}


@pytest.mark.parametrize("minor", [0, 1, 2, 3, 4, 5, 6])
def test_every_minor_version_of_format_4(minor: int) -> None:
    raw = as_json([code("x = 1"), code(["y = 2\n", "z = 3"])], nbformat_minor=minor)
    assert read_cells(raw) == (Cell(position=1, source="x = 1"), Cell(position=2, source="y = 2\nz = 3"))


def test_format_3_is_converted_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cells = read_cells(json.dumps(V3).encode())
    assert cells == (Cell(position=2, source="x = 1\ny = 2"),)
    assert capfd.readouterr() == ("", "")


def test_a_format_3_notebook_against_its_schema_is_read_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    notebook = json.loads(json.dumps(V3))
    notebook["worksheets"][0]["cells"][1]["surplus"] = {"a": 1}
    assert read_cells(json.dumps(notebook).encode()) == (Cell(position=2, source="x = 1\ny = 2"),)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "cells",
    [
        [code("x = 1", id="same"), code("y = 2", id="same")],
        [code("x = 1"), code("y = 2", id=7, surplus=[{"deep": {}}])],
        [code("x = 1", outputs=[{"output_type": "display_data", "data": {"image/png": "A" * 1000}, "metadata": {}}]),
         code("y = 2", outputs="none")],
        [{"cell_type": "code", "source": "x = 1"}, {"cell_type": "code", "source": "y = 2", "metadata": None}],
    ],
)  # fmt: skip
def test_ids_outputs_and_everything_else_have_no_part(cells: list[dict[str, Any]]) -> None:
    assert read_cells(as_json(cells)) == (Cell(position=1, source="x = 1"), Cell(position=2, source="y = 2"))


def test_cells_are_numbered_by_their_place_among_all_cells() -> None:
    cells = [
        {"cell_type": "markdown", "source": "# a"},
        code("x = 1", execution_count=17),
        {"cell_type": "raw", "source": "a"},
        {"cell_type": "from the future", "source": "a"},
        {"source": "a"},
        "no cell",
        code("y = 2"),
    ]
    assert read_cells(as_json(cells)) == (Cell(position=2, source="x = 1"), Cell(position=7, source="y = 2"))


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_endings_and_a_byte_order_mark(bom: bytes) -> None:
    assert read_cells(bom + as_json([code("x = 1\r\ny = 2\rz = 3")])) == (
        Cell(position=1, source="x = 1\ny = 2\nz = 3"),
    )


@pytest.mark.parametrize("source", [7, None, {"a": 1}, ["x", 7], [["x"]], True])
def test_a_source_that_is_no_text_spoils_no_other_cell(read: Read, source: Any) -> None:
    assert read_cells(as_json([code(source), code("y = 2")])) == (
        Cell(position=1, source=None),
        Cell(position=2, source="y = 2"),
    )
    submission = read([code(source), "def relu(z):\n    return z"], "relu")
    assert submission.functions["relu"].state is FunctionState.WRITTEN
    assert submission.problems[0].location.cell == 1


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"{", "not a whole notebook"),
        (b'{"cells": [\n\n', "not a whole notebook"),
        (b"\xff\xfe\xff", "not saved as UTF-8"),
        (b'{"a": "\xff"}', "not saved as UTF-8"),
        (b"[]", "not a notebook that can be read"),
        (b"7", "not a notebook that can be read"),
        (b"{}", "not a notebook that can be read"),
        (b'{"cells": 7}', "not a notebook that can be read"),
        (b'{"nbformat": "x"}', "not a notebook that can be read"),
        (b'{"nbformat": 3, "worksheets": 7}', "not a notebook that can be read"),
        (b'{"nbformat": 99}', "not a notebook that can be read"),
        (b"[" * 200_000, "not a notebook that can be read"),
        (b"9" * 10_000, "not a notebook that can be read"),
        (b'{\n<<<<<<< HEAD\n"cells": []\n=======\n>>>>>>> theirs\n}', "merge conflict"),
    ],
)
def test_what_is_no_notebook_is_a_problem(raw: bytes, words: str) -> None:
    fault = read_cells(raw)
    assert isinstance(fault, Fault)
    assert words in str(fault.message)


def test_nothing_is_known_of_the_functions_of_what_is_no_notebook(read: Read, tmp_path: Path) -> None:
    submission = read([], "relu")
    assert submission.functions["relu"].state is FunctionState.MISSING
    path = tmp_path / "exercise_2.ipynb"
    path.write_bytes(b'{\n"cells": [')
    broken = read_submission(path, functions=["relu"])
    assert broken.functions["relu"].state is FunctionState.UNKNOWN
    assert broken.program.chunks == ()
    assert broken.problems[0].location.line == 2


def test_one_bad_cell_does_not_spoil_the_others(read: Read) -> None:
    cells = ["import numpy as np", "def broken(:\n    pass", "def relu(z):\n    return np.maximum(z, 0)", "x = = 1"]
    submission = read(cells, "relu")
    assert submission.functions["relu"].state is FunctionState.WRITTEN
    assert [(p.location.cell, p.location.line) for p in submission.problems] == [(2, 1), (4, 1)]
    assert [chunk.cell for chunk in submission.program.chunks] == [1, 3]


def test_a_later_cell_that_does_not_parse_hides_no_earlier_definition(read: Read) -> None:
    submission = read(["def relu(z):\n    return z", "def relu(z:\n    return z"], "relu")
    assert submission.functions["relu"].state is FunctionState.WRITTEN
    assert submission.functions["relu"].location.cell == 1  # type: ignore[union-attr]


def test_an_attempt_that_does_not_parse_counts_more_than_the_stub_before_it(read: Read) -> None:
    facts = read(["def relu(z):\n    raise NotImplementedError", "x = 1\ndef relu(z:\n    return z"], "relu").functions
    location = facts["relu"].location
    assert facts["relu"].state is FunctionState.UNKNOWN
    assert location is not None
    assert (location.cell, location.line) == (2, 2)


def test_half_a_surrogate_pair_is_replaced_and_everything_read_can_be_written_out_again(read: Read) -> None:
    submission = read(
        [
            "# \ud800\n\nx = '\udc00\ud800'\nfit('\ud83d')",
            "def relu(z):\n    return getattr(z, '\\ud800')()",
            "y = \ud800\n",
            "!ls \ud800",
        ],
        "relu",
    )
    assert submission.functions["relu"].state is FunctionState.WRITTEN
    (problem,) = submission.problems
    assert (problem.location.cell, problem.location.line, problem.line) == (3, 1, "y = \ufffd")
    assert submission.originals["exercise_2.ipynb#cell-1"] == "# \ufffd\n\nx = '\ufffd\ufffd'\nfit('\ufffd')"
    texts = [
        *submission.originals.values(),
        *(chunk.source for chunk in submission.program.chunks),
        *(str(note) for note in submission.notes),
        *(str(problem.message) for problem in submission.problems),
        *submission.mentions,
        *submission.calls("relu"),
    ]
    assert "\ufffd" in "".join(texts).encode().decode()


def test_the_halves_of_a_pair_on_both_sides_of_a_break_in_the_source_are_one_character() -> None:
    raw = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": ["x = '\ud83d", "\ude00'"]}]})
    assert read_cells(raw.encode()) == (Cell(position=1, source="x = '\U0001f600'"),)


def test_a_notebook_with_more_code_than_is_read(read: Read) -> None:
    submission = read(["x = 1\n" * 90_000, "y = 1\n" * 90_000], "relu")
    assert "more than 1 MB of code" in str(submission.problems[0].message)


def test_a_notebook_with_more_words_than_are_read(read: Read) -> None:
    submission = read(["x = 1\n" * 10_000] * 4, "relu")
    assert "more than 100,000 words and signs" in str(submission.problems[0].message)
    assert submission.functions["relu"].state is FunctionState.UNKNOWN
    assert submission.program.chunks == ()


def test_a_notebook_with_more_cells_than_are_read(read: Read) -> None:
    submission = read(["x = 1"] * (CELLS + 1), "relu")
    assert f"more than {CELLS:,} cells of code" in str(submission.problems[0].message)


def test_empty_cells_are_none_too_many(read: Read) -> None:
    assert read([""] * (CELLS + 1), "relu").problems == ()


def test_an_older_notebook_with_more_in_it_than_nbformat_is_asked_to_convert(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.submission.notebooks.CONVERTED_VALUES", 100)
    cell = {"cell_type": "code", "input": "x = 1", "language": "python", "outputs": [], "metadata": {}}

    def older(cells: int) -> bytes:
        book = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell] * cells}]}
        return json.dumps(book).encode()

    few, many = read_cells(older(10)), read_cells(older(30))
    assert not isinstance(few, Fault)
    assert len(few) == 10
    assert isinstance(many, Fault)


def test_a_top_level_await_is_fine_in_a_notebook(read: Read) -> None:
    assert read(["await job()"], "relu").problems == ()


def test_the_text_of_the_helper_of_these_checks_is_a_valid_notebook() -> None:
    import nbformat  # noqa: PLC0415 - only here

    nbformat.validate(json.loads(notebook_text(["x = 1"])))
