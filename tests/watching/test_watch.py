"""`grade watch` as a student has it: a terminal of its own, an editor that saves, and keys."""

from __future__ import annotations

import json
import os
import pty
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.cli.watch_keys import keys_of
from grader.cli.watch_saves import saves
from grader.language import Translator
from grader.records import Outcome, Verdict
from grader.report import render_changes
from grader.report.changes_page import changes_between
from tests.batch.cohorts import SOLUTION, WRONG, environment
from tests.cli.conftest import a_report

_STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """`grade watch` in a pseudo-terminal."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        controller, terminal = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "grader", "watch", *arguments],
            cwd=folder,
            env={**environment(folder), "XDG_STATE_HOME": str(folder / "state"), "TERM": "xterm", "COLUMNS": "80"},
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        )
        os.close(terminal)
        os.set_blocking(controller, False)
        self._controller = controller
        self.text = ""

    def read(self) -> str:
        """Everything that was shown until now, without styles."""
        try:
            while data := os.read(self._controller, 65_536):
                self.text += _STYLE.sub("", data.decode("utf-8", "replace"))
        except (BlockingIOError, OSError):
            pass
        return self.text

    def wait_for(self, words: str, seconds: float = 60) -> str:
        """What was shown up to the end of these words, which is forgotten then."""
        deadline = time.monotonic() + seconds
        while words not in self.read():
            assert time.monotonic() < deadline, f"{words!r} not in {self.text!r}"
            assert self.process.poll() is None, self.text
            time.sleep(0.02)
        before, _words, self.text = self.text.partition(words)
        return before

    def press(self, key: str) -> None:
        """Press a key."""
        os.write(self._controller, key.encode())

    def hang_up(self) -> None:
        """Close the window."""
        if self._controller >= 0:
            os.close(self._controller)
        self._controller = -1

    def close(self) -> None:
        """End it, whatever it does."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.hang_up()


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    started: list[Terminal] = []

    def start(*arguments: str) -> Terminal:
        started.append(Terminal(tmp_path, *arguments))
        return started[-1]

    yield start
    for terminal in started:
        terminal.close()


@pytest.mark.slow
def test_a_save_is_graded_at_once_and_only_what_changed_is_shown(
    tmp_path: Path, watching: Callable[..., Terminal]
) -> None:
    file = tmp_path / "exercise_3.py"
    file.write_text(WRONG, "utf-8")
    terminal = watching("exercise-3")
    terminal.wait_for("q quit")
    file.write_text(SOLUTION, "utf-8")
    shown = terminal.wait_for("q quit")
    assert "0 → 10/10" in shown
    assert shown.count("batches_per_epoch") <= 4
    # An editor that writes another file and renames it, as many do.
    draft = tmp_path / "exercise_3.py~"
    draft.write_text("def dense_parameter_count(:\n", "utf-8")
    draft.replace(file)
    assert "10 → 0/10" in terminal.wait_for("q quit")
    terminal.press("q")
    assert terminal.process.wait(20) == 1


@pytest.mark.slow
def test_keys_show_the_task_the_list_and_a_hint_and_go_to_the_next_exercise(
    tmp_path: Path, watching: Callable[..., Terminal]
) -> None:
    (tmp_path / "exercise_3.py").write_text(WRONG, "utf-8")
    terminal = watching("exercise-3")
    terminal.wait_for("q quit")
    terminal.press("h")
    assert "1/" in terminal.wait_for("q quit")
    terminal.press("l")
    assert "exercise-6" in terminal.wait_for("q quit")
    terminal.press("t")
    assert len(terminal.wait_for("q quit")) > 500
    terminal.press("n")
    assert "exercise-4" in terminal.wait_for("q quit")
    terminal.press("x")
    terminal.press("q")
    terminal.process.wait(20)


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_when_it_is_interrupted(
    tmp_path: Path, watching: Callable[..., Terminal], end: signal.Signals
) -> None:
    (tmp_path / "exercise_3.py").write_text(SOLUTION, "utf-8")
    terminal = watching("exercise-3")
    terminal.wait_for("q quit")
    terminal.process.send_signal(end)
    assert terminal.process.wait(20) == (130 if end is signal.SIGINT else -signal.SIGTERM)
    assert "Traceback" not in terminal.read()
    deadline = time.monotonic() + 10
    while _of_session(terminal.process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _of_session(terminal.process.pid) == []


def _of_session(session: int) -> list[str]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        if fields[3] == str(session) and fields[0] != "Z":
            found.append(stat.parent.name)
    return found


@pytest.mark.slow
def test_a_file_that_is_not_there_yet_is_waited_for(tmp_path: Path, watching: Callable[..., Terminal]) -> None:
    terminal = watching("exercise-3")
    assert "There is no exercise_3.py or exercise_3.ipynb yet." in terminal.wait_for("q quit")
    (tmp_path / "exercise_3.py").write_text(SOLUTION, "utf-8")
    shown = terminal.wait_for("q quit")
    assert "10/10" in shown or "10 of 10" in shown, shown


@pytest.fixture
def saved(tmp_path: Path) -> Iterator[Callable[[bool], Callable[[float], int]]]:
    """Begins to watch the folder, and gives a function that counts the saves of so many seconds."""
    stop = threading.Event()

    def begin(polling: bool) -> Callable[[float], int]:  # noqa: FBT001
        found: queue.SimpleQueue[None] = queue.SimpleQueue()

        def work() -> None:
            for save in saves([tmp_path / "later", tmp_path], polling=polling, stop=stop):
                found.put(save)

        threading.Thread(target=work, daemon=True).start()
        time.sleep(0.6)

        def count(seconds: float) -> int:
            time.sleep(seconds)
            return found.qsize()

        return count

    yield begin
    stop.set()


def write_in_place(file: Path) -> None:
    file.write_text("1", "utf-8")


def write_and_rename(file: Path) -> None:
    draft = file.with_name(".draft")
    draft.write_text("1", "utf-8")
    draft.replace(file)


def move_away_and_write(file: Path) -> None:
    file.rename(file.with_name("a.py~"))
    file.write_text("1", "utf-8")
    file.with_name("a.py~").unlink()


def keep_the_time(file: Path) -> None:
    """As a copy from elsewhere, which may be older than what was there."""
    write_and_rename(file)
    os.utime(file, (1, 1))


@pytest.mark.slow
@pytest.mark.parametrize("polling", [False, True])
@pytest.mark.parametrize("save", [write_in_place, write_and_rename, move_away_and_write, keep_the_time, Path.unlink])
def test_a_save_is_told_of_however_it_is_written(
    tmp_path: Path,
    saved: Callable[[bool], Callable[[float], int]],
    save: Callable[[Path], None],
    polling: bool,  # noqa: FBT001
) -> None:
    file = tmp_path / "a.py"
    file.write_text("0", "utf-8")
    count = saved(polling)
    (tmp_path / "notes.txt").write_text("x", "utf-8")
    (tmp_path / ".a.py.swp").write_text("x", "utf-8")
    assert count(1.5) == 0
    save(file)
    once = count(2.0)
    assert once in {1, 2}  # two where the machine is so busy that an editor's steps are far apart
    if file.exists():
        save(file)
        assert count(2.0) > once


@pytest.mark.slow
@pytest.mark.parametrize("polling", [False, True])
def test_a_folder_that_comes_later_is_watched(
    tmp_path: Path,
    saved: Callable[[bool], Callable[[float], int]],
    polling: bool,  # noqa: FBT001
) -> None:
    count = saved(polling)
    for number in (1, 2):
        (tmp_path / "later").mkdir()
        (tmp_path / "later" / "a.py").write_text("1", "utf-8")
        assert count(3) == 2 * number - 1
        (tmp_path / "later" / "a.py").unlink()
        (tmp_path / "later").rmdir()
        assert count(3) == 2 * number


def test_changes_are_what_ended_otherwise() -> None:
    before, after = a_report(), a_report()
    assert changes_between(before, after).passed == ()
    failed = a_report("exercise-2", Verdict.FAILED)
    assert [check.outcome for check in changes_between(before, failed).failed] == [Outcome.FAILED]
    assert [check.id for check in changes_between(failed, after).passed] == ["units"]
    for language in ("en", "ko"):
        for width in (40, 80):
            text = render_changes(failed, after, Translator(language), width=width)
            assert "0 → 1/1" in text
            assert "exercise-2" in text


@pytest.mark.slow
def test_what_is_no_letter_does_nothing_and_korean_input_works(
    tmp_path: Path, watching: Callable[..., Terminal]
) -> None:
    (tmp_path / "exercise_3.py").write_text(SOLUTION, "utf-8")
    terminal = watching("exercise-3")
    terminal.wait_for("q quit")
    for sequence in ("\x1b[A", "\x1bOQ", "\x1bOH", "pasted: q\n\n"):  # an arrow, F2, Home
        terminal.press(sequence)
        time.sleep(0.3)
    terminal.press("ㄱ")
    assert terminal.wait_for("q quit").count("15 of 15 checks passed") == 1
    terminal.press("ㅂ")
    assert terminal.process.wait(20) == 0


@pytest.mark.slow
def test_a_folder_and_a_file_that_come_later_are_graded_and_a_deleted_file_is_waited_for(
    tmp_path: Path, watching: Callable[..., Terminal]
) -> None:
    terminal = watching("exercise-3")
    terminal.wait_for("q quit")
    folder = tmp_path / "exercises" / "exercise-3"
    folder.mkdir(parents=True)
    file = folder / "exercise_3.py"
    file.write_text(SOLUTION, "utf-8")
    assert "15 of 15 checks passed" in terminal.wait_for("q quit")
    time.sleep(1.5)
    file.write_text(WRONG, "utf-8")
    assert "10 → 0/10" in terminal.wait_for("q quit")
    file.unlink()
    assert "yet" in terminal.wait_for("q quit")
    file.write_text(WRONG, "utf-8")
    assert "0/10" in terminal.wait_for("q quit")


@pytest.mark.slow
@pytest.mark.parametrize("end", ["q", "SIGINT", "SIGHUP", "SIGKILL", "the terminal"])
def test_another_terminal_is_served_and_no_socket_process_or_file_is_left(
    tmp_path: Path, watching: Callable[..., Terminal], monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    (tmp_path / "exercise_3.py").write_text(WRONG, "utf-8")
    terminal = watching("exercise-3")
    terminal.wait_for("q quit")
    reports = []
    for more in ((), ("--time-limit", "10")):  # the second is none that the watching could have made
        command = [sys.executable, "-m", "grader", "exercise-3", "--format", "json", "--verbose", *more]
        run = subprocess.run(
            command, cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=False, timeout=120
        )
        assert ("grade watch" in run.stderr) is not bool(more), run.stderr
        assert run.returncode == 1
        reports.append(json.loads(run.stdout))
    served, alone = ([(check["id"], check["outcome"], check["points"]) for check in r["checks"]] for r in reports)
    assert served == alone
    assert reports[0]["submission"] == reports[1]["submission"]
    assert [path.suffix for path in temporary.glob("grade-*/*.host")] == [".host"]
    if end == "q":
        terminal.press("q")
    elif end == "the terminal":
        terminal.hang_up()
    else:
        terminal.process.send_signal(signal.Signals[end])
    terminal.process.wait(20)
    deadline = time.monotonic() + 10
    while _left(terminal, temporary) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _left(terminal, temporary) == []


_REACHING = """
import os, socket

def dense_parameter_count(inputs, units):
    tried = [
        lambda: os.listdir({temporary!r}),
        lambda: os.stat({socket!r}),
        lambda: socket.socket(socket.AF_UNIX),
        lambda: open("/proc/net/unix").read(),
    ]
    said = []
    for one in tried:
        try:
            said.append(f"reached {{one()!r}}")
        except OSError as error:
            said.append("refused")
    raise ValueError(" ".join(said))
"""


@pytest.mark.slow
def test_a_submission_reaches_no_socket(
    tmp_path: Path, watching: Callable[..., Terminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    file = tmp_path / "exercise_3.py"
    file.write_text(WRONG, "utf-8")
    terminal = watching("exercise-3", "--sandbox", "required")
    terminal.wait_for("q quit")
    [socket] = temporary.glob("grade-*/*.host")
    file.write_text(_REACHING.format(temporary=str(temporary), socket=str(socket)), "utf-8")
    assert "refused refused refused refused" in " ".join(terminal.wait_for("q quit").split())


def _left(terminal: Terminal, temporary: Path) -> list[str]:
    return [*_of_session(terminal.process.pid), *map(str, temporary.iterdir())]


@pytest.mark.parametrize(
    ("data", "letters"),
    [
        (b"n", "n"),
        (b"Q", "q"),
        (b"", "q"),
        (b"\x04", "q"),
        ("ㅂ".encode(), "q"),
        ("ㅐ".encode(), "o"),
        (b"nn", "nn"),
        (b"\x1b[A\x1b[1;5C", ""),
        (b"\x1bOQ", ""),
        (b"\x1bOQh", "h"),
        (b"\x1b", ""),
        (b"\n", ""),
        (b"x = 'quit'\n", ""),
        (b"\xff", "\ufffd"),
    ],
)
def test_keys_are_letters(data: bytes, letters: str) -> None:
    assert keys_of(data) == list(letters)
