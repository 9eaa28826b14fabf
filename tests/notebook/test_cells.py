"""A session's cells as a submission, and what may be typed after `%grade`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.errors import UsageError
from grader.notebook.cells import NAME, session_notebook
from grader.notebook.magic import bundle_of, completions, parse
from grader.notebook.messages import Told
from grader.submission import read_submission


def test_each_text_stands_in_the_cell_of_its_number() -> None:
    content = session_notebook(["", "x = 1", "", "def f(a):\n    return a\n", "%grade exercise-1"])
    read: Any = nbformat.reads
    book = read(content.decode(), 4)
    nbformat.validate(book)
    assert [cell.source for cell in book.cells] == ["x = 1", "", "def f(a):\n    return a\n", ""]


def test_the_last_definition_counts_and_places_are_the_students_own_numbers() -> None:
    content = session_notebook(["", "def f(x):\n    return 0", "%load_ext grader", "def f(x):\n    return (", "!ls"])
    submission = read_submission(Path(NAME), functions=("f",), content=content)
    assert 3 in [problem.location.cell for problem in submission.problems]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("exercise-2", ("exercise-2", {})),
        ("", (None, {})),
        ("exercise-2 --lang ko --verbose", ("exercise-2", {"lang": "ko", "verbose": True})),
        ("--lang=ko exercise-2", ("exercise-2", {"lang": "ko"})),
        ("exercise-1 --course 'my course'", ("exercise-1", {"course": "my course"})),
    ],
)
def test_a_line_is_read(line: str, expected: object) -> None:
    assert parse(line) == expected


@pytest.mark.parametrize("line", ["a b", "a --nothing", "a --lang", "a 'b", "a --sandbox maybe"])
def test_a_line_that_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(UsageError):
        parse(line)


def test_exercises_and_options_are_completed() -> None:
    assert completions("%grade exercise-")[:2] == ["exercise-1", "exercise-2"]
    assert completions("%grade exercise-2 --l") == ["--lang"]


def test_the_whole_page_stands_in_a_frame_that_runs_nothing() -> None:
    bundle = bundle_of(Told(text="t", html="<pre>h</pre>", page='<script>"x"</script>'))
    assert bundle["text/plain"] == "t"
    assert 'sandbox=""' in bundle["text/html"]
    assert "<script>" not in bundle["text/html"]


def test_the_kernel_imports_nothing_heavy() -> None:
    code = (
        "import sys, grader, grader.notebook\n"
        "names = {'numpy', 'tensorflow', 'keras', 'pytest', 'rich', 'jinja2', 'sklearn', 'IPython'}\n"
        "heavy = names & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_outside_of_a_notebook_check_says_what_to_do() -> None:
    code = "import grader; grader.check('exercise-1')"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "grade EXERCISE" in ended.stderr
