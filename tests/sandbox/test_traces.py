"""That nothing stays of a subject, of a run or of a grader, however each of them ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import grader
from grader.sandbox import folders
from grader.sandbox.confinement import MOUNTS
from grader.sandbox.launcher import WarmLauncher
from tests.sandbox.conftest import LIMITS, Subject
from tests.sandbox.processes import children_of, descendants_of, lives, wait_until

pytestmark = pytest.mark.slow

LEAVE = """
import os, sys, threading
sys.secret = 1
os.environ["SECRET"] = "1"
left = []
def leave():
    for path in ("left", "/tmp/left", "/dev/shm/left", "/var/tmp/left", os.path.expanduser("~/.cache")):
        try:
            open(path, "w").write("x")
            left.append(path)
        except OSError:
            pass
    return left
def where(): return os.environ["TMPDIR"]
"""
LOOK = """
import os, sys
def look():
    return hasattr(sys, "secret"), "SECRET" in os.environ, os.listdir(), len(os.listdir(os.environ["TMPDIR"]))
def where(): return os.environ["TMPDIR"]
def numbers(): return os.getpid(), os.getppid()
"""


def test_nothing_of_one_subject_is_in_the_next_or_beside_it(warm: WarmLauncher) -> None:
    first = Subject(warm, LEAVE)
    beside = Subject(warm, LOOK)
    assert first.call("leave")["value"] == ["left", "/scratch/.cache"]
    assert beside.call("look")["value"] == (False, False, [], 0)
    first.process.kill()
    after = Subject(warm, LOOK)
    assert after.call("look")["value"] == (False, False, [], 0)
    assert after.call("numbers")["value"] == (1, 0)
    assert after.call("where")["value"] == beside.call("where")["value"] == "/scratch"


def test_what_a_subject_writes_never_reaches_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    launcher = WarmLauncher(("numpy",), "auto")
    try:
        subject = Subject(launcher, LEAVE)
        subject.call("leave")
        assert MOUNTS in launcher.facts.layers
        (folder,) = tmp_path.iterdir()
        assert [path for path in folder.rglob("*") if not path.is_dir()] == [folder / folders.MARK]
        (scratch,) = folder.glob("scratch-*")
        subject.process.kill()
        # Nothing was ever written there, so that the next one can have it.
        Subject(launcher, LEAVE).call("leave")
        assert list(folder.glob("scratch-*")) == [scratch]
        assert list(scratch.iterdir()) == []
    finally:
        launcher.close()


SPOILED = """
import os
os.mkdir("shut", 0)
os.mkdir("write-only", 0o300)
for _ in range(1500):
    os.mkdir("deep")
    os.chdir("deep")
"""


def test_a_scratch_folder_on_a_disk_is_removed_whatever_was_made_of_it() -> None:
    launcher = WarmLauncher(("numpy",), "auto", without=frozenset({"mounts", "landlock"}))
    try:
        subject = Subject(launcher, f"{SPOILED}\n{LOOK}")
        assert subject.loaded["raised"] == []
        scratch = Path(subject.call("where")["value"])
        assert (scratch / "shut").is_dir()
        subject.process.kill()
        assert not scratch.exists()
    finally:
        launcher.close()


def test_a_warm_process_shares_nothing_that_a_fork_could_change() -> None:
    launcher = WarmLauncher(("numpy", "tensorflow", "keras", "sklearn", "pandas", "matplotlib.pyplot"), "auto")
    try:
        Subject(launcher, LOOK).process.kill()
        pid = next(child for child in descendants_of(os.getpid()) if "tensorflow" in _mapped(child))
        shared = [line for line in _mapped(pid).splitlines() if line.split()[1] == "rw-s"]
        assert shared == []
    finally:
        launcher.close()


def _mapped(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
    except OSError:
        return ""


def test_a_subject_has_no_descriptor_but_its_channel_and_its_streams(warm: WarmLauncher) -> None:
    source = (
        "import os\ndef open_ones():\n    return [d for d in range(300) if _is_open(d)]\n"
        "def _is_open(d):\n    try:\n        os.fstat(d)\n    except OSError:\n        return False\n    return True\n"
    )
    # And the file that is held open for TensorFlow.
    assert len(Subject(warm, source).call("open_ones")["value"]) == 5


GRADER = """
import sys, time
from grader.records import Limits
from grader.sandbox.launcher import PlainLauncher, WarmLauncher
launcher = WarmLauncher(("numpy",), sys.argv[1])
process = launcher.start_subject(Limits())
print(launcher._folder.path, flush=True)
time.sleep(60)
"""


@contextmanager
def running_grader(temporary: Path, mode: str = "auto") -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another grader with a subject, and its folder."""
    environment = os.environ | {"PYTHONPATH": str(Path(grader.__file__).parent.parent), "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", GRADER, mode]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


@pytest.mark.parametrize("mode", ["auto", "off"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_nothing_outlives_a_grader_that_is_killed(tmp_path: Path, number: signal.Signals, mode: str) -> None:
    with running_grader(tmp_path, mode) as (process, folder):
        started = descendants_of(process.pid)
        assert len(started) == 3
        assert folder.is_dir()
        process.send_signal(number)
        process.wait()
        assert wait_until(lambda: not any(map(lives, started)))
        assert wait_until(lambda: not folder.exists())
    assert list(tmp_path.iterdir()) == []


def test_what_everybody_killed_at_once_leave_behind_is_removed_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_grader(tmp_path) as (process, folder), running_grader(tmp_path) as (living, kept):
        started = descendants_of(process.pid)
        (warden,) = children_of(process.pid)
        os.kill(warden, signal.SIGSTOP)
        process.kill()
        process.wait()
        os.kill(warden, signal.SIGKILL)
        assert wait_until(lambda: not any(map(lives, started)))
        assert folder.is_dir()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        folders.remove_stale()
        assert not folder.exists()
        assert kept.is_dir()
        assert living.poll() is None


def test_closing_a_launcher_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(descendants_of(os.getpid()))
    launcher = WarmLauncher(("numpy",), "auto")
    launcher.start_subject(LIMITS)
    started = set(descendants_of(os.getpid())) - before
    assert len(started) == 3
    launcher.close()
    launcher.close()
    assert not any(map(lives, started))
    assert list(tmp_path.iterdir()) == []
