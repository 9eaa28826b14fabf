"""Kills a batch again and again at random instants, and looks whether anything is lost: `python benchmarks/faults.py`.

One batch is left alone, and says how long a batch takes to begin and to grade; another is killed (`--kills`, 50) and
begun again each time, every second time while it begins, and else while it grades. At the end both must hold the same
reports, each student's run once. Linux only. Exits with 1 where they differ.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
WRONG: Final = "def dense_parameter_count(inputs, units):\n    return inputs * units\n"


def _start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "grader", "batch", "in", "--out", "out", "--jobs", "2"],
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _timed(folder: Path) -> tuple[float, float]:
    """Seconds until a batch has kept its first run, and from then on to its end."""
    started = time.monotonic()
    process = _start(folder)
    while process.poll() is None and not _runs(folder):
        time.sleep(0.05)
    first = time.monotonic()
    process.wait()
    return first - started, time.monotonic() - first


def _reports(folder: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for file in sorted((folder / "out" / "reports").glob("*/*.json")):
        report = json.loads(file.read_text("utf-8"))
        for name in ("seconds", "usage"):
            report.pop(name)
        for check in report["checks"]:
            check.pop("seconds")
        found[file.parent.name] = report
    return found


def _runs(folder: Path) -> int:
    try:
        # Only to read: otherwise the file would be made here, before the batch makes it.
        with closing(sqlite3.connect(f"file:{folder}/out/gradebook.sqlite?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM runs").fetchone()[0])
    except sqlite3.OperationalError:  # killed before there was one
        return 0


def main() -> int:
    """Kill, begin again, compare."""
    parser = argparse.ArgumentParser(description="Kill a batch at random instants, and look whether anything is lost.")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--submissions", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)  # noqa: S311 - instants, not secrets
    solution = (ROOT / "solutions" / "exercise-3" / "exercise_3.py").read_text("utf-8")
    with tempfile.TemporaryDirectory() as name:
        folders = [Path(name, "alone"), Path(name, "killed")]
        for folder in folders:
            for number in range(options.submissions):
                file = folder / "in" / f"s{number:04}" / "exercise_3.py"
                file.parent.mkdir(parents=True)
                file.write_text((solution if number % 2 else WRONG) + f"# {number}\n", "utf-8")
        alone, killed = folders
        beginning, grading = _timed(alone)
        print(f"left alone: {beginning:.1f} s to begin, {grading:.1f} s to grade {options.submissions}")
        done = 0
        for kill in range(options.kills):
            process = _start(killed)
            # Together these leave about half of the work to the batch that is not killed.
            if kill % 2:
                instant = beginning + draw.uniform(0.0, 2.0 * grading / options.kills)
            else:
                instant = draw.uniform(0.0, beginning)
            try:
                process.wait(instant)
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
            now = _runs(killed)
            if now < done:
                print(f"kill {kill}: {done - now} runs were lost")
                return 1
            done = now
        print(f"{options.kills} kills; {done} of {options.submissions} runs were kept by then")
        _start(killed).wait()
        with closing(sqlite3.connect(killed / "out" / "gradebook.sqlite")) as connection:
            rows = connection.execute(
                "SELECT student_id, exercise FROM runs JOIN submissions ON submissions.id = submission_id"
            )
            twice = [student for student, times in Counter(rows).items() if times > 1]
        same = _reports(alone) == _reports(killed)
        print(
            f"reports {'equal' if same else 'DIFFER'}: {len(_reports(alone))}, {len(_reports(killed))}; twice: {twice}"
        )
        return 0 if same and not twice and len(_reports(killed)) == options.submissions else 1


if __name__ == "__main__":
    sys.exit(main())
