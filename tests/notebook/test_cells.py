"""A session's cells as a submission, and what may be typed after `%grade`."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import nbformat
import pytest

from grader.errors import SandboxError, UsageError
from grader.notebook.cells import NAME, session_notebook
from grader.notebook.magic import bundle_of, completions, parse
from grader.notebook.messages import Asked, Told, encoded
from grader.notebook.service import Service, in_cells
from grader.notebook.tidying import tidied
from grader.submission import read_submission


def test_each_text_stands_in_the_cell_of_its_number() -> None:
    content = session_notebook(["", "x = 1", "", "def f(a):\n    return a\n", "%grade exercise-1"])
    read: Any = nbformat.reads
    book = read(content.decode(), 4)
    nbformat.validate(book)
    assert [cell.source for cell in book.cells] == ["x = 1", "", "def f(a):\n    return a\n", "%grade exercise-1"]


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
    bundle = bundle_of(Told(text="t", html="<pre>h</pre>", page='<script>"x"</script>', label='<b>"'))
    assert bundle["text/plain"] == "t"
    assert 'sandbox=""' in bundle["text/html"]
    assert "<script>" not in bundle["text/html"]
    assert "<summary>&lt;b&gt;&quot;</summary>" in bundle["text/html"]


def test_korean_letters_take_two_cells_each_whatever_the_font() -> None:
    assert in_cells("<b>셀 2</b>, 점수") == (
        '<b><span style="display:inline-block;width:2ch">셀</span> 2</b>, '
        '<span style="display:inline-block;width:2ch">점</span><span style="display:inline-block;width:2ch">수</span>'
    )


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


def _session(*texts: str) -> Any:
    content = tidied(session_notebook(["", *texts]))
    return read_submission(Path(NAME), functions=("f", "g"), content=content)


def test_a_cell_that_was_executed_again_is_told_of_once() -> None:
    submission = _session(
        "%load_ext grader",
        "def f(x):\n    return 0",
        "def g(x):\n    return f(x)",
        "def f(x):\n    return x",
        "%grade f",
    )
    assert submission.notes == ()
    assert [chunk.cell for chunk in submission.program.chunks] == [3, 4]


def test_what_python_could_not_read_is_forgotten_once_it_is_mended() -> None:
    submission = _session(
        "def f(x:\n  return", "def f(x):\n    return x", "1 +", "def g(x)\n    return", "grader.check('f')"
    )
    assert [problem.location.cell for problem in submission.problems] == [4]
    assert submission.notes == ()


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("deff f(x):\n    y = x\n    return y", "def f(x):\n    return x"),
        ("asinc def f(x):\n    return x", "async def f(x):\n    return x"),
        ("deff f(x):\n    return x\ndef h(x):\n    return x", "def f(x):\n    return x\ndef h(x): pass"),
        ("f = lambda x: (x", "f = lambda x: x"),
        ("f: object = (", "f: object = 1"),
    ],
)
def test_a_text_without_a_definition_that_can_be_read_is_told_of_until_it_is_mended(text: str, mended: str) -> None:
    others = "def g(x):\n    return x\ndef h(x):\n    return x"
    assert [problem.location.cell for problem in _session(text, others).problems] == [1]
    assert _session(text, others, mended).problems == ()


@pytest.mark.parametrize("text", ["1 +", "model.fit(x y)", "if f(x", "f(x) == ("])
def test_a_text_that_begins_to_define_nothing_is_forgotten(text: str) -> None:
    assert _session(text).problems == ()


def test_a_warm_process_that_was_killed_is_not_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions: list[Any] = []

    class Dead:
        """A session whose warm process was killed."""

        def __init__(self, *_: object) -> None:
            self.is_closed = False
            sessions.append(self)

        def grade(self, *_: object, **_options: object) -> None:
            raise SandboxError("killed")

        def close(self) -> None:
            self.is_closed = True

    monkeypatch.setattr("grader.notebook.service.Session", Dead)
    monkeypatch.chdir(tmp_path)
    asked = Asked(folder=str(tmp_path), exercise="exercise-3", content=session_notebook(["", "x = 1"]))
    kernel, own = socket.socketpair()
    with kernel, own:
        kernel.sendall(encoded(asked) * 2)
        kernel.shutdown(socket.SHUT_WR)
        Service(own).serve()
        own.shutdown(socket.SHUT_WR)
        with kernel.makefile("rb") as stream:
            assert [msgspec.json.decode(line, type=Told).refused for line in stream] == ["killed", "killed"]
    assert [session.is_closed for session in sessions] == [True, True]


@pytest.mark.parametrize(
    "between",
    [
        "y = f(1)",
        "@f\ndef h(): pass",
        "def h(a=f(1)): pass",
        "class C:\n    a = f(1)",
        "f = twice(f)",
        "for f in f(1): pass",
    ],
)
def test_a_definition_that_something_was_computed_with_is_kept(between: str) -> None:
    first, last = "def f(x):\n    return x", "def f(x):\n    return 2 * x\ndef g(x):\n    return y, h, C, f"
    book = json.loads(tidied(session_notebook(["", first, between, last])))
    assert [cell["source"] for cell in book["cells"]] == [first, between, last]


def test_a_cell_with_more_than_functions_is_kept() -> None:
    texts = ["def f(x):\n    return N\nN = 1", "def f(x):\n    return N + 1"]
    assert [cell["source"] for cell in json.loads(tidied(session_notebook(["", *texts])))["cells"]] == texts


def test_help_is_asked_for_with_a_word() -> None:
    assert parse("hint exercise-2") == ("exercise-2", {"help": True, "function": None})
    assert parse("hint exercise-2 build_model --lang ko") == (
        "exercise-2",
        {"lang": "ko", "help": True, "function": "build_model"},
    )
    for line in ("hint", "hint a b c"):
        with pytest.raises(UsageError):
            parse(line)


def test_values_of_options_are_completed() -> None:
    assert completions("%grade exercise-2 --lang ") == ["en", "ko"]
    assert completions("%grade --sandbox r") == ["required"]
    assert completions("%grade h") == ["hint"]
    assert completions("%grade hint exercise-6") == ["exercise-6"]
