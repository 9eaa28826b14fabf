"""Every format, from the real command line to a file and to standard output."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
SUBMISSION = ROOT / "tests" / "corpus" / "wrong" / "exercise-3" / "always_one_more.py"
FORMATS = ("html", "markdown", "junit", "gradescope", "classroom50", "exercism", "github", "lines")


def grade(*arguments: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CLASSROOM": "deep-learning", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "grader", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, timeout=120)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_goes_to_a_file_and_nothing_else_to_standard_output(name: str, tmp_path: Path) -> None:
    out = tmp_path / "report"
    ended = grade("exercise-3", str(SUBMISSION), "--format", name, "--output", str(out), folder=tmp_path)
    assert (ended.returncode, ended.stdout) == (1, b"")
    text = out.read_text(encoding="utf-8")
    match name:
        case "html":
            assert text.startswith("<!DOCTYPE html>")
            assert "batches_per_epoch" in text
        case "markdown":
            assert text.startswith("## exercise-3")
        case "junit":
            assert ET.fromstring(text).get("tests") == "15"  # noqa: S314 - written by this program
        case "github":
            assert text.startswith("::error file=")
        case "lines":
            *problems, last = text.splitlines()
            assert problems[0].startswith(f"{SUBMISSION}:1:1: warning: dense_parameter_count: ")
            assert any(": error: batches_per_epoch: " in line for line in problems)
            assert all(re.match(r"^(.*):(\d+):(\d+):\s+(warning|error):\s+(.*)$", line) for line in problems)
            assert last.startswith("exercise-3 ")
        case "classroom50":
            assert json.loads(text)["classroom"] == "deep-learning"
        case _:
            assert len(json.loads(text)["tests"]) == 15


def test_all_exercises_are_one_page_in_korean(tmp_path: Path) -> None:
    (tmp_path / "exercise_3.py").write_bytes(SUBMISSION.read_bytes())
    ended = grade("all", "--format", "html", "--lang", "ko", folder=tmp_path)
    page = ended.stdout.decode()
    assert ended.returncode == 1
    assert '<html lang="ko">' in page
    assert page.count("<article") == 6
