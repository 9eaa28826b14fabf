"""Seconds of a command and of every process that it leaves behind. Linux only."""

from __future__ import annotations

import compileall
import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PR_SET_CHILD_SUBREAPER: Final = 36


@dataclass(frozen=True)
class Times:
    """Seconds of one command: by the clock, and of all processors together."""

    wall: float
    cpu: float


def measure(
    command: Sequence[str], environment: Mapping[str, str], cwd: Path, codes: frozenset[int] = frozenset({0, 1})
) -> Times:
    """Run one command to its end, with every process that it leaves behind. Exits where it ends with none of `codes`.

    By default 1 is a good end too: a submission that was graded and has not passed.
    """
    before, started = _children_seconds(), time.perf_counter()
    with subprocess.Popen(command, env=environment, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as run:
        _, errors = run.communicate()
    wall = time.perf_counter() - started
    if run.returncode not in codes:
        sys.exit(f"{' '.join(command)} ended with {run.returncode}:\n{errors.decode(errors='replace')}")
    wait_for_orphans()
    return Times(wall, _children_seconds() - before)


def wait_for_orphans() -> None:
    """Wait until every process that was left behind has ended."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def compile_package() -> None:
    """Compile the grader's modules, as its installation does, whatever the environment says of bytecode."""
    compileall.compile_dir(Path(__file__).resolve().parent.parent / "grader", quiet=1)


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose parent dies, so that their time is known."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
