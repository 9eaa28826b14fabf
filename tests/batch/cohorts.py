"""Folders of submissions for exercise-3, which needs no TensorFlow, and the command line as a subprocess."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[2]
SOLUTION: Final = (ROOT / "solutions" / "exercise-3" / "exercise_3.py").read_text("utf-8")
WRONG: Final = "def dense_parameter_count(inputs, units):\n    return inputs * units\n"
STUB: Final = (ROOT / "exercises" / "exercise-3" / "exercise_3.py").read_text("utf-8")
COMMAND: Final = (sys.executable, "-m", "grader")


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, Any]:
        """What `--format json` printed."""
        found: dict[str, Any] = json.loads(self.out)
        return found


def fill_cohort(folder: Path, texts: Mapping[str, str]) -> Path:
    """A folder for each student with a file for exercise-3 in it."""
    for student, text in texts.items():
        file = folder / student / "exercise_3.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def environment(folder: Path) -> dict[str, str]:
    """An environment in English whose caches are below `folder`."""
    return {**os.environ, "LC_ALL": "C.UTF-8", "XDG_CACHE_HOME": str(folder / "cache"), "NO_COLOR": "1"}


def batch(folder: Path, *arguments: str | Path, cwd: Path | None = None) -> Ended:
    """Run `grade batch FOLDER/in --out FOLDER/out` with more arguments."""
    ended = subprocess.run(
        [*COMMAND, "batch", str(folder / "in"), "--out", str(folder / "out"), *map(str, arguments)],
        cwd=cwd or folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def reports(folder: Path) -> dict[str, dict[str, Any]]:
    """Every report below `FOLDER/out`, by student, without what differs from run to run."""
    found = {}
    for file in sorted((folder / "out" / "reports").glob("*/*.json")):
        report = json.loads(file.read_text("utf-8"))
        for name in ("seconds", "usage"):
            report.pop(name)
        for check in report["checks"]:
            check.pop("seconds")
        found[file.parent.name] = report
    return found
