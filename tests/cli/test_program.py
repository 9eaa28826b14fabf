"""The program as it is started from a shell."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader import __version__

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "grader"]


def environment(**variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LC_") and name != "LANG"}
    return {**kept, "PYTHONPATH": str(ROOT), **variables}


def grade(*words: str, cwd: Path, variables: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *words], cwd=cwd, env=environment(**variables or {}), capture_output=True, check=False, timeout=60
    )


def test_says_its_version(tmp_path: Path) -> None:
    assert grade("--version", cwd=tmp_path).stdout.decode() == f"grade {__version__}\n"


def test_an_unwritten_stub_is_graded_without_waiting_for_tensorflow(tmp_path: Path) -> None:
    assert grade("init", ".", cwd=tmp_path).returncode == 0
    started = time.monotonic()
    ended = grade("exercise-1", cwd=tmp_path)
    assert ended.returncode == 1
    assert "not started yet" in ended.stdout.decode()
    assert ended.stderr == b""
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("encoding", ["ascii", "cp949", "utf-8"])
def test_any_encoding_will_do(encoding: str, tmp_path: Path) -> None:
    ended = grade("list", "--lang", "ko", cwd=tmp_path, variables={"PYTHONIOENCODING": encoding})
    assert ended.returncode == 0
    assert ended.stderr == b""
    shown = ended.stdout.decode(encoding)
    assert ("모델" in shown) is (encoding != "ascii")


def test_an_error_is_one_line(tmp_path: Path) -> None:
    ended = grade("exercise-99", cwd=tmp_path, variables={"LC_ALL": "C", "PYTHONUTF8": "0"})
    assert ended.returncode == 2
    assert ended.stdout == b""
    assert ended.stderr.startswith(b"grade: There is no exercise exercise-99")
    assert ended.stderr.count(b"\n") == 1


def test_nobody_reading_is_no_error(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        ended = subprocess.run(
            [*COMMAND, "schema"],
            cwd=tmp_path,
            env=environment(),
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert (ended.returncode, ended.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [*COMMAND, "list"],
            cwd=tmp_path,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert ended.returncode == 2
    assert ended.stderr.count(b"\n") == 1
    assert b"no space is left" in ended.stderr


def test_an_interrupt_ends_with_130(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys, grader.cli.listing as listing\n"
        "listing.list_page = lambda *_: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.argv = ['grade', 'list']\n"
        "from grader.__main__ import main; main()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment(), capture_output=True, check=False, timeout=60
    )
    assert ended.returncode == 128 + signal.SIGINT
    assert b"Traceback" not in ended.stderr
