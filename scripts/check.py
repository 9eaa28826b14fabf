"""Checks the project: `python scripts/check.py` everything quick, `python scripts/check.py --all` everything.

Quick is the format, the lint, the types, the layers and the fast tests, side by side; `--all` runs the slow tests too,
after the rest. Exits with 1 when anything has failed.
"""

from __future__ import annotations

import argparse
import compileall
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS_FOLDER = Path(sys.executable).parent
WORKERS = 2
"""Each is busy on one core and may hold TensorFlow; more of them want a larger machine than most have."""

CHECKS = {
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    "types": ["mypy", "--no-error-summary"],
    "layers": ["lint-imports"],
}
FAST_TESTS = ["pytest", "-q", "-m", "not slow"]
ALL_TESTS = ["pytest", "-n", str(WORKERS), "--dist", "loadgroup"]


def command(arguments: list[str]) -> list[str]:
    """The command line of a tool that is installed beside this interpreter."""
    name, *rest = arguments
    return [str(TOOLS_FOLDER / name), *rest]


def passes(name: str, arguments: list[str]) -> bool:
    """Run one tool, print how it ended in one line, and what it wrote if it failed."""
    started = time.perf_counter()
    ended = subprocess.run(command(arguments), cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if ended.returncode == 0:
        print(f"{name:8} ok      {seconds:5.1f} s", flush=True)
        return True
    print(f"{name:8} FAILED  {seconds:5.1f} s\n{ended.stdout}{ended.stderr}", flush=True)
    return False


def main() -> int:
    """Run what was asked for; 0 when all of it passed, else 1."""
    parser = argparse.ArgumentParser(description="Check the project: format, lint, types, layers and tests.")
    parser.add_argument("--all", action="store_true", help="run the slow tests too (minutes)")
    everything = parser.parse_args().all
    steps = CHECKS if everything else {**CHECKS, "tests": FAST_TESTS}
    with ThreadPoolExecutor(WORKERS) as pool:
        passed = all(list(pool.map(passes, steps, steps.values())))
    if everything:
        # Hundreds of tests start the program; where no bytecode is written, each start would compile it anew.
        compileall.compile_dir(ROOT / "grader", quiet=1)
        passed &= subprocess.run(command(ALL_TESTS), cwd=ROOT, check=False).returncode == 0
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
