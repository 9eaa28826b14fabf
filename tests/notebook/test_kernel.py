"""`%grade` in a real Jupyter kernel."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.course import Exercise, builtin_folder, read_course

pytest.importorskip("nbclient")
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

pytestmark = pytest.mark.slow
_COURSE = read_course(builtin_folder())
_READ: Any = nbformat.read
_NOTEBOOKS = builtin_folder() / "exercises" / "notebooks"


@pytest.fixture(autouse=True)
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))


class Kernel:
    """A kernel, cell after cell."""

    def __init__(self, folder: Path) -> None:
        self._manager = KernelManager(kernel_name="python3")
        self._manager.start_kernel(cwd=str(folder), env=dict(os.environ))
        self._client = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=60)

    def run(self, code: str, seconds: float = 120, interrupt_after: float | None = None) -> dict[str, str]:
        """What a cell leaves: the last `text/plain` and `text/html`, `stdout`, `stderr` and `error`."""
        sent = self._client.execute(code)
        found = {"text/plain": "", "text/html": "", "stdout": "", "stderr": "", "error": ""}
        deadline, started = time.monotonic() + seconds, time.monotonic()
        while time.monotonic() < deadline:
            if interrupt_after is not None and time.monotonic() - started > interrupt_after:
                self._manager.interrupt_kernel()
                interrupt_after = None
            try:
                message = self._client.get_iopub_msg(timeout=0.2)
            except Exception:  # noqa: BLE001, S112 - `queue.Empty`, which the library does not promise
                continue
            if message["parent_header"].get("msg_id") != sent:
                continue
            content: dict[str, Any] = message["content"]
            if message["msg_type"] in {"display_data", "update_display_data", "execute_result"}:
                found |= {kind: text for kind, text in content["data"].items() if kind in found}
            elif message["msg_type"] == "stream":
                found[content["name"]] += content["text"]
            elif message["msg_type"] == "error":
                found["error"] += content["evalue"]
            elif message["msg_type"] == "status" and content["execution_state"] == "idle":
                return found
        raise AssertionError(f"no end of {code!r}: {found}")

    def close(self) -> None:
        """End it."""
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Kernel]:
    started = Kernel(tmp_path)
    try:
        started.run("%load_ext grader")
        yield started
    finally:
        started.close()


RIGHT = "def dense_parameter_count(inputs, units):\n    return inputs * units + units"


SIZES = (
    "def model_parameter_count(sizes):\n    return sum(dense_parameter_count(a, b) for a, b in zip(sizes, sizes[1:]))"
)


def test_what_was_executed_is_graded_and_the_last_definition_counts(kernel: Kernel) -> None:
    kernel.run("def dense_parameter_count(inputs, units):\n    return 0")
    first = kernel.run("%grade exercise-3")
    assert "0 of 10" in first["text/plain"]
    assert "cell 2" in first["text/plain"]
    assert "<pre" in first["text/html"]
    kernel.run(RIGHT)
    assert "2 of 10" in kernel.run("%grade exercise-3")["text/plain"]
    assert "`%grade hint exercise-3`" in first["text/plain"]
    assert "run the cell, and grade again" in first["text/plain"]
    helped = kernel.run("%grade hint exercise-3")
    assert "1/" in helped["text/plain"]
    assert "`%grade hint exercise-3` again" in helped["text/plain"]
    assert "layer_output_shapes" in kernel.run("%grade hint exercise-3 layer_output_shapes")["text/html"]
    assert "/" in kernel.run("!grade hint exercise-3")["stdout"]
    korean = kernel.run("import grader; grader.check('exercise-3', language='ko')")
    assert re.search("[가-힣]", korean["text/plain"])
    assert (korean["error"], korean["stderr"]) == ("", "")


def test_whatever_a_submission_does_the_kernel_stays_as_it_is(kernel: Kernel) -> None:
    kernel.run("kept = 41")
    kernel.run(
        "def dense_parameter_count(inputs, units):\n    import os\n    os.kill(os.getppid(), 9)\n    os._exit(0)"
    )
    kernel.run("def model_parameter_count(sizes):\n    while True: pass")
    found = kernel.run("%grade exercise-3")
    assert "0 of 10" in found["text/plain"]
    assert kernel.run("print(kept + 1)")["stdout"] == "42\n"
    heavy = kernel.run("import sys; print([name for name in ('tensorflow', 'numpy') if name in sys.modules])")
    assert heavy["stdout"] == "[]\n"


def test_what_cannot_be_done_is_one_line(kernel: Kernel) -> None:
    for line in ("%grade exercise-9", "%grade a b", "%grade exercise-1 --lang xx"):
        found = kernel.run(line)
        assert found["error"] == ""
        assert len(found["stderr"].strip().splitlines()) == 1, found
    assert kernel.run("%grade")["stdout"].count("%grade exercise-") == 6


def test_an_interrupt_stops_it_at_once_and_the_next_one_works(kernel: Kernel) -> None:
    kernel.run("def dense_parameter_count(inputs, units):\n    while True: pass")
    started = time.monotonic()
    found = kernel.run("%grade exercise-3", interrupt_after=2.0)
    assert time.monotonic() - started < 8
    assert "stopped" in found["stderr"]
    kernel.run(RIGHT)
    assert "2 of 10" in kernel.run("%grade exercise-3")["text/plain"]


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param((RIGHT, "raise ValueError", "x = (", SIZES), id="a cell that raises, and one that does not parse"),
        pytest.param((SIZES, "def dense_parameter_count(i, u):\n    return 0", RIGHT), id="the last definition counts"),
        pytest.param(("B = 1", RIGHT.replace("+ units", "+ B * units"), "B = 2", "B = 1"), id="a value at top level"),
        pytest.param(("%%time\n" + RIGHT, "!ls", "%matplotlib inline\n" + SIZES, "B = $"), id="commands"),
        pytest.param(("from math import prod", RIGHT.replace("inputs * units", "prod([inputs, units])")), id="imports"),
    ],
)
def test_the_score_is_that_of_the_saved_notebook(kernel: Kernel, tmp_path: Path, texts: tuple[str, ...]) -> None:
    for text in texts:
        kernel.run(text)
    live = kernel.run("%grade exercise-3")["text/plain"]
    cells = [nbformat.v4.new_code_cell(text) for text in texts]  # type: ignore[no-untyped-call]
    file = tmp_path / "exercise_3.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), file)  # type: ignore[no-untyped-call]
    command = [sys.executable, "-m", "grader", "exercise-3", str(file), "--format", "json"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    score = json.loads(run.stdout)["score"]
    assert f"{score['earned']:g} of {score['possible']:g} points" in live
    assert score["earned"] > 0


def test_a_memory_bomb_and_a_fork_bomb_leave_the_kernel_alone(kernel: Kernel) -> None:
    kernel.run("kept = 41")
    kernel.run("def dense_parameter_count(a, b):\n    import os\n    while True: os.fork()")
    kernel.run("def model_parameter_count(a):\n    x = []\n    while True: x.append(bytearray(10**8))")
    found = kernel.run("%grade exercise-3")
    assert "0 of 10" in found["text/plain"]
    # Whoever measures and the kernel race for the last 500 MB; both name memory.
    assert re.search("more memory than the limit|MemoryError", found["text/plain"])
    assert kernel.run("print(kept + 1)")["stdout"] == "42\n"


def test_in_a_terminal_the_report_is_text_and_nothing_else(tmp_path: Path) -> None:
    lines = ["%load_ext grader", RIGHT, "", "%grade exercise-3", "exit"]
    ended = subprocess.run(
        [sys.executable, "-m", "IPython", "--simple-prompt", "--no-banner", "--colors=NoColor"],
        input="\n".join(lines) + "\n",
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "2 of 10 points" in ended.stdout
    assert "…" not in ended.stdout.partition("2 of 10 points")[0]
    assert "<" not in ended.stdout
    assert ended.stderr == ""


def test_nothing_is_left_when_the_kernel_ends(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path)
    kernel.run("%load_ext grader")
    kernel.run(RIGHT)
    kernel.run("%grade exercise-3")
    pid = int(kernel.run("from grader.notebook.magic import _CLIENT; print(_CLIENT._process.pid)")["stdout"])
    kernel.close()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not Path(f"/proc/{pid}").exists()


def _ended(book: nbformat.NotebookNode) -> list[str]:
    """The reports that the notebook's grading cells have shown."""
    cells = [cell for cell in book.cells if cell.cell_type == "code" and cell.source.startswith("%grade")]
    return [str(next(reversed(cell.outputs)).data["text/plain"]) for cell in cells]


def _run_book(book: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    where = {"metadata": {"path": str(folder)}}
    return NotebookClient(book, timeout=300, kernel_name="python3", resources=where).execute()


def _solved(book: Any, exercises: Iterable[Exercise]) -> Any:
    """The notebook with the solutions in the place of the stubs."""
    assert _COURSE.solutions is not None
    for exercise in exercises:
        [cell] = [cell for cell in book.cells if cell.id == f"{exercise.id}-stub"]
        cell.source = (_COURSE.solutions / exercise.id / f"{exercise.stem}.py").read_text("utf-8")
    return book


_WORDS = {"en": ("not started", "{points:g} of {points:g} points"), "ko": ("시작", "{points:g}점 중 {points:g}점")}
_ALL = _COURSE.exercises


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    ("name", "exercises"),
    [*((exercise.stem, (exercise,)) for exercise in _ALL), ("chapter", _ALL)],
    ids=[*(exercise.stem for exercise in _ALL), "chapter"],
)
def test_a_generated_notebook_ends_in_not_attempted_and_with_the_solution_in_full_points(
    tmp_path: Path, name: str, exercises: tuple[Exercise, ...], language: str
) -> None:
    file = _NOTEBOOKS / language / f"{name}.ipynb"
    not_attempted, full = _WORDS[language]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = _READ(file, 4)
        nbformat.validate(book)
    untouched = _ended(_run_book(book, tmp_path))
    assert [not_attempted in shown for shown in untouched] == [True] * len(exercises), untouched
    solved = _ended(_run_book(_solved(_READ(file, 4), exercises), tmp_path))
    wanted = [full.format(points=exercise.possible) for exercise in exercises]
    assert [words in shown for words, shown in zip(wanted, solved, strict=True)] == [True] * len(exercises), solved
