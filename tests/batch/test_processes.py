"""What a batch leaves behind of its processes, whenever it or one of them ends."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.batch.cohorts import COMMAND, SOLUTION, STUB, environment, fill_cohort
from tests.sandbox.processes import children_of, descendants_of

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/ns").exists(), reason="a batch needs Linux")]
_IMPORT = "import sklearn.model_selection  # which takes a while\n"
_SLOW = SOLUTION.replace("    return", "    import time\n    time.sleep(0.5)\n    return", 1)


def begin(folder: Path, text: str) -> subprocess.Popen[str]:
    """A batch of four submissions, whose temporary folder is `folder`/tmp."""
    fill_cohort(folder / "in", {f"student{number}": f"{_IMPORT}{text}# {number}\n" for number in range(4)})
    (folder / "tmp").mkdir()
    return subprocess.Popen(
        [*COMMAND, "batch", "in", "--out", "out", "--jobs", "2"],
        cwd=folder,
        env={**environment(folder), "TMPDIR": str(folder / "tmp")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def left(folder: Path) -> list[str]:
    """What stands in the temporary folder once wardens had time to clear up."""
    deadline = time.monotonic() + 10
    while (found := sorted(path.name for path in (folder / "tmp").glob("grade-*"))) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def await_folder(folder: Path) -> None:
    """Wait until a checker has a folder, which it makes before its warm process is there."""
    deadline = time.monotonic() + 60
    while not any((folder / "tmp").glob("grade-*")):
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_stubs_need_no_warm_process_and_leave_no_folder(tmp_path: Path) -> None:
    batch = begin(tmp_path, STUB)
    _out, err = batch.communicate(timeout=60)
    assert batch.returncode == 1, err
    assert left(tmp_path) == []


def test_ctrl_c_while_everybody_still_imports_leaves_nothing(tmp_path: Path) -> None:
    batch = begin(tmp_path, SOLUTION)
    await_folder(tmp_path)
    started = descendants_of(batch.pid)
    os.killpg(batch.pid, signal.SIGINT)
    out, err = batch.communicate(timeout=60)
    assert (batch.returncode, "Traceback" in err) == (130, False), out + err
    assert left(tmp_path) == []
    time.sleep(0.5)
    assert [pid for pid in started if Path(f"/proc/{pid}/exe").exists()] == []


@pytest.mark.parametrize("below", [1, 2], ids=["the nursery", "the checkers' template"])
def test_a_batch_outlives_its_processes_and_leaves_nothing_of_them(tmp_path: Path, below: int) -> None:
    batch = begin(tmp_path, _SLOW)
    await_folder(tmp_path)
    victims = [batch.pid]
    for _ in range(below):
        # A warden of a warm process is a child of the nursery too, and began later.
        victims = [children_of(victims[0])[0]]
    started = descendants_of(batch.pid)
    os.kill(victims[0], signal.SIGKILL)
    _out, err = batch.communicate(timeout=60)
    assert (batch.returncode, "Traceback" in err) == (0, False), err
    assert len(list((tmp_path / "out" / "reports").iterdir())) == 4
    assert left(tmp_path) == []
    time.sleep(0.5)
    assert [pid for pid in started if Path(f"/proc/{pid}/exe").exists()] == []
