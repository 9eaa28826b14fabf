"""A few seconds of the fuzzer that is guided by coverage; `fuzz_channel.py` is for the hours."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="the fuzzer is for Linux"),
]


def fuzz(*arguments: str) -> subprocess.CompletedProcess[str]:
    # By way of a small process: the peak memory of the one that starts a program counts as the program's own.
    command = ["/bin/sh", "-c", '"$@"; exit $?', "sh", sys.executable, "tests/fuzzing/fuzz_channel.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.parametrize(("target", "executions"), [("decode", 3_000), ("frames", 3_000), ("keras", 1_500)])
def test_the_fuzzer_finds_nothing(target: str, executions: int, tmp_path: Path) -> None:
    done = fuzz("--target", target, "--minutes", "4", "--executions", str(executions), "--corpus", str(tmp_path))
    assert list((tmp_path / "findings").iterdir()) == [], done.stderr[-3_000:]
    assert done.returncode == 0
    assert f"Done {executions} runs" in done.stderr


def test_a_finding_is_seen_again_by_its_file(tmp_path: Path) -> None:
    harmless = tmp_path / "input"
    harmless.write_bytes(b"L\xff\xff\xff\xff")
    assert fuzz("--target", "decode", "--input", str(harmless)).returncode == 0
