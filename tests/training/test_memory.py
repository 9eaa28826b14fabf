"""Remembered accuracies: what comes back is what was put, and nothing that happens to the file is an error."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from grader.training import Memory
from tests.training.configs import trained

KEY = "a" * 64
ROOT = Path(__file__).parent.parent.parent
WRITER = """
import sys; from pathlib import Path
from grader.training import Memory; from tests.training.configs import trained
memory = Memory(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    memory.put(f"{sys.argv[2]}-{number}", trained(0.5))
    print(number, flush=True)
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "accuracies.sqlite"


def test_what_was_put_comes_back_as_remembered(path: Path) -> None:
    Memory(path).put(KEY, trained(0.75))
    found = Memory(path).get(KEY)
    assert found is not None
    assert found.remembered
    assert (found.validation_accuracy, found.test_accuracy, found.seconds) == (0.75, 0.25, 1.5)
    assert found.history == trained(0.75).history
    assert found.examination == trained().examination


def test_what_was_not_put_does_not_come_back(path: Path) -> None:
    assert Memory(path).get(KEY) is None
    Memory(path).put(KEY, trained())
    assert Memory(path).get("b" * 64) is None


def test_the_digits_survive(path: Path) -> None:
    Memory(path).put(KEY, trained(0.8487499952316284))
    found = Memory(path).get(KEY)
    assert found is not None
    assert found.validation_accuracy.hex() == (0.8487499952316284).hex()


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), float("-inf")])
def test_a_loss_that_is_not_finite_survives(path: Path, loss: float) -> None:
    Memory(path).put(KEY, trained(loss=loss))
    found = Memory(path).get(KEY)
    assert found is not None
    assert str(found.history["loss"][1]) == str(loss)


def test_a_key_put_again_is_replaced(path: Path) -> None:
    Memory(path).put(KEY, trained(0.1))
    Memory(path).put(KEY, trained(0.2))
    found = Memory(path).get(KEY)
    assert found is not None
    assert found.validation_accuracy == 0.2


def row(history: str, accuracy: str = "0.5") -> str:
    return row_with("null", history=history, accuracy=accuracy)


def row_with(examination: str, *, history: str = "", accuracy: str = "0.5") -> str:
    numbers = f'"validation_accuracy":{accuracy},"test_accuracy":0.5,"seconds":1'
    return f'{{"history":{{{history or SERIES}}},{numbers},"examination":{examination}}}'


SERIES = '"loss":[1],"accuracy":[1],"val_loss":[1],"val_accuracy":[1]'


def test_a_row_as_the_next_test_writes_it_is_read(path: Path) -> None:
    Memory(path).put(KEY, trained())
    replace_row(path, row(SERIES))
    assert Memory(path).get(KEY) is not None


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "nonsense",
        "[]",
        row('"loss":[1]'),
        row(SERIES, accuracy="7.0"),
        row(SERIES.replace("[1]", '["soon"]')),
        row(SERIES.replace('"val_accuracy":[1]', '"val_accuracy":[1, 1]')),
        row(SERIES).replace(',"examination":null', ""),
        row_with('{"confusion":[],"mistakes":[]}'),
        row_with('{"confusion":[[1],[2]],"mistakes":[]}'),
        row_with('{"confusion":[[1,2],[3]],"mistakes":[]}'),
        row_with('{"confusion":[[-1,2],[3,4]],"mistakes":[]}'),
        row_with('{"confusion":[[1,2],[3,4]],"mistakes":[{"index":10,"target":0,"predicted":1,"probability":0.5}]}'),
        row_with('{"confusion":[[1,2],[3,4]],"mistakes":[{"index":9,"target":2,"predicted":1,"probability":0.5}]}'),
        row_with('{"confusion":[[1,2],[3,4]],"mistakes":[{"index":9,"target":1,"predicted":1,"probability":0.5}]}'),
        row_with('{"confusion":[[1,2],[3,4]],"mistakes":[{"index":9,"target":0,"predicted":1,"probability":1.5}]}'),
        b"\x00\xff",
        7,
        row(SERIES) + " " * 200_000,
    ],
)
def test_a_row_that_was_not_written_here_is_ignored(path: Path, stored: object) -> None:
    Memory(path).put(KEY, trained())
    replace_row(path, stored)
    assert Memory(path).get(KEY) is None
    Memory(path).put(KEY, trained(0.3))
    assert Memory(path).get(KEY) is not None


def replace_row(path: Path, stored: object) -> None:
    database = sqlite3.connect(path)
    with database:
        database.execute("UPDATE trained_2 SET row = ?", (stored,))
    database.close()


def test_rows_of_an_older_form_are_dropped(path: Path) -> None:
    path.parent.mkdir()
    database = sqlite3.connect(path)
    with database:
        database.execute("CREATE TABLE trained_1 (key TEXT PRIMARY KEY, row TEXT NOT NULL) WITHOUT ROWID")
        database.execute("INSERT INTO trained_1 VALUES (?, ?)", (KEY, row(SERIES)))
    database.close()
    assert Memory(path).get(KEY) is None
    Memory(path).put(KEY, trained())
    assert Memory(path).get(KEY) is not None
    database = sqlite3.connect(path)
    tables = database.execute("SELECT name FROM sqlite_master").fetchall()
    database.close()
    assert tables == [("trained_2",)]


@pytest.mark.parametrize("content", [b"this is no database " * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_corrupt_file_is_set_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    memory = Memory(path)
    assert memory.get(KEY) is None
    memory.put(KEY, trained())
    assert memory.get(KEY) is not None
    assert path.with_name("accuracies.sqlite.corrupt").read_bytes() == content


def test_a_file_damaged_in_the_middle_is_set_aside(path: Path) -> None:
    memory = Memory(path)
    for number in range(100):
        memory.put(f"{number}", trained())
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xee" * (len(content) - 4096)
    path.write_bytes(content)
    memory.get(KEY)
    memory.put(KEY, trained())
    memory.put(KEY, trained())
    assert memory.get(KEY) is not None


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_no_error(path: Path) -> None:
    path.parent.mkdir()
    path.parent.chmod(0o500)
    Memory(path).put(KEY, trained())
    assert Memory(path).get(KEY) is None


def test_a_folder_in_its_place_is_no_error(path: Path) -> None:
    path.mkdir(parents=True)
    Memory(path).put(KEY, trained())
    assert Memory(path).get(KEY) is None


def test_a_file_where_its_folder_should_be_is_no_error(path: Path) -> None:
    path.parent.write_text("in the way", encoding="utf-8")
    Memory(path).put(KEY, trained())
    assert Memory(path).get(KEY) is None


def test_a_database_that_another_program_holds_is_no_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.training.memory._BUSY_SECONDS", 0.05)
    Memory(path).put(KEY, trained())
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    Memory(path).put("other", trained())
    assert Memory(path).get(KEY) is None
    holder.close()
    assert Memory(path).get(KEY) is not None


HOLDER = """
import sys; from pathlib import Path
from grader.training import Memory
with Memory(Path(sys.argv[1])).turn(sys.argv[2], 1.0):
    print("mine", flush=True)
    sys.stdin.readline()
"""


def test_who_would_train_the_same_waits_for_its_turn(path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(path), KEY]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "mine\n"
        memory, started = Memory(path), time.monotonic()
        with memory.turn("b" * 64, 60.0):
            assert time.monotonic() - started < 30.0  # another training waits for nobody
        started = time.monotonic()
        with memory.turn(KEY, 0.3):
            assert time.monotonic() - started >= 0.3  # and nobody for ever
        threading.Timer(0.2, holder.communicate, [""]).start()
        with memory.turn(KEY, 60.0):
            assert holder.wait(30) == 0


def test_a_turn_where_nothing_can_be_locked_is_no_error(path: Path) -> None:
    path.parent.parent.mkdir(exist_ok=True)
    path.parent.write_text("a file in place of the folder")
    with Memory(path).turn(KEY, 1.0):
        pass


@pytest.mark.slow
def test_two_graders_write_at_once(path: Path) -> None:
    writers = [writer(path, name, 60) for name in ("first", "second")]
    for process in writers:
        process.communicate(timeout=60)
    assert [process.returncode for process in writers] == [0, 0]
    memory = Memory(path)
    assert all(memory.get(f"{name}-{number}") for name in ("first", "second") for number in range(60))


@pytest.mark.slow
def test_a_grader_killed_while_it_writes_loses_at_most_its_last(path: Path) -> None:
    for attempt in range(4):
        process = writer(path, f"killed-{attempt}", 100_000)
        assert process.stdout is not None
        for _ in range(20):
            process.stdout.readline()
        time.sleep(0.003 * attempt)
        process.kill()
        process.communicate()
        memory = Memory(path)
        assert all(memory.get(f"killed-{attempt}-{number}") for number in range(20))
        memory.put(KEY, trained())
        assert memory.get(KEY) is not None
    assert not path.with_name("accuracies.sqlite.corrupt").exists()
