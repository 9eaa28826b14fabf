"""What is in the memory of a batch's processes, read from outside while they grade."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="batches need Linux"),
]

FUNCTION = "dense_parameter_count"
TOKEN = f"token-of-{os.getpid()}-4471"
NUMBER = 78_500
SECRETS = (TOKEN, f"test_{FUNCTION}_chapter", f"{FUNCTION} gives {NUMBER:,}")
OWN = f"written-by-kim-{os.getpid()}"
SUBMISSION = f"""
import time

def dense_parameter_count(inputs, units):
    time.sleep(8)  # {OWN}
    return inputs * units + units
"""
_LARGEST = 512 * 1024**2


def children(pid: int) -> list[int]:
    """The living children of a process."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            if int(fields[1]) == pid and fields[0] not in "ZX":
                found.append(int(folder.name))
    return found


def below(pid: int) -> list[int]:
    """Every descendant of a process."""
    return [found for child in children(pid) for found in (child, *below(child))]


def held(pid: int, texts: tuple[str, ...]) -> set[str]:
    """Which of `texts` stand in the memory of a process. Raises PermissionError where that may not be read."""
    found: set[str] = set()
    lines = Path(f"/proc/{pid}/maps").read_text("utf-8").splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in lines:
            span, rights, *_ = line.split()
            start, end = (int(part, 16) for part in span.split("-"))
            if rights.startswith("r") and "[v" not in line and end - start < _LARGEST:
                with contextlib.suppress(OSError, OverflowError):
                    memory.seek(start)
                    data = memory.read(end - start)
                    found |= {text for text in texts if text.encode() in data}
    return found


def test_only_the_processes_that_check_hold_what_is_secret(tmp_path: Path) -> None:
    file = tmp_path / "cohort" / "kim" / "exercise_3.py"
    file.parent.mkdir(parents=True)
    file.write_text(SUBMISSION, "utf-8")
    batch = subprocess.Popen(
        [sys.executable, "-m", "grader", "batch", str(tmp_path / "cohort"), "--out", str(tmp_path / "out")],
        env={**os.environ, "GITHUB_TOKEN": TOKEN},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        checker, subject = _checker_and_subject(batch)
        (nursery,) = children(batch.pid)
        assert held(checker, SECRETS) == set(SECRETS)
        assert held(subject, (OWN,)) == {OWN}
        others = [pid for pid in (nursery, *below(nursery)) if pid != checker]
        assert len(others) >= 5, "the nursery, the checkers' template, a warden, a warm process and a subject"
        assert {pid: held(pid, SECRETS) for pid in others} == {pid: set() for pid in others}
    except PermissionError:
        pytest.skip("this machine lets nobody read another process's memory")
    finally:
        batch.wait(120)
    assert batch.returncode == 1, "graded, and not all of it right"


def _checker_and_subject(batch: subprocess.Popen[bytes]) -> tuple[int, int]:
    """The process that checks, and the one that holds the submission, once its function sleeps."""
    while batch.poll() is None:
        with contextlib.suppress(OSError):
            aware = [pid for pid in below(batch.pid) if OWN in held(pid, (OWN,))]
            checkers = [pid for pid in aware if held(pid, SECRETS) == set(SECRETS)]
            subjects = [pid for pid in aware if pid not in checkers]
            if checkers and subjects:
                return checkers[0], subjects[0]
        time.sleep(0.2)
    raise AssertionError("the batch has ended")
