"""The grader against nbgrader, otter-grader, check50 and a shell loop over pytest: `python benchmarks/peers.py`.

The grader and each peer have environments of their own (pip, below `--environments`), with equivalent checks for the
same twelve different submissions. The peers' time grows with the number exactly, for they grade one after another from
scratch; so they are measured with twelve, and the grader, start-up included, with 12, 120 and 1,200. Each grades one
submission before it is measured, so that nobody's files are read from the disk in that time: the others have run for
minutes by then. Linux only. Exits with 1 when a target is missed or a verdict differs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
from peer_submissions import is_right, submissions
from peer_tools import TOOLS, Tool, install, install_grader
from timing import Times, adopt_orphans, measure

from grader.course import builtin_folder, read_course
from grader.training import read_dataset

EXERCISES: Final = ("exercise-1", "exercise-2")
TWELVE: Final = 12
TARGETS: Final = {12: (10, 8), 120: (30, 40), 1200: (50, 60)}
"""How many times faster than the fastest peer, by the number of submissions, for each exercise."""


def write_images(file: Path) -> None:
    """The course's images as its checks use them: rows in [0, 1], split with seed 42."""
    dataset = read_course(builtin_folder()).dataset
    if dataset is None:
        raise ValueError("the built-in course has images")
    data = read_dataset(dataset.file, dataset.sha256, dataset.validation_fraction, dataset.seed)
    np.savez(
        file,
        train_inputs=data.train_inputs.reshape(len(data.train_inputs), -1),
        train_targets=data.train_targets,
        validation_inputs=data.validation_inputs.reshape(len(data.validation_inputs), -1),
        validation_targets=data.validation_targets,
    )


def ours(programs: Path, folder: Path, exercise: str, count: int) -> tuple[Times, list[bool]]:
    """`grade batch` with nothing remembered from before."""
    for number, text in enumerate(submissions(exercise, count)):
        file = folder / "in" / f"s{number:04}" / f"{exercise.replace('-', '_')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    command = [str(programs / "grade"), "batch", "in", "--out", "out", "--exercise", exercise]
    times = measure(command, {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}, folder)
    passed = []
    for number in range(count):
        report = json.loads((folder / "out" / "reports" / f"s{number:04}" / f"{exercise}.json").read_text("utf-8"))
        passed.append(report["verdict"] == "passed")
    return times, passed


def _peer(tool: Tool, folder: Path, exercise: str, texts: list[str], program: Path) -> tuple[Times, list[bool]]:
    """What a peer takes for these submissions, laid out in ``folder`` as it wants them, and which it passes."""
    tool.prepare(folder, exercise, texts, program)
    return tool.run(folder, exercise, texts, program)


def _line(name: str, count: int, times: Times, passed: list[bool]) -> bool:
    agrees = passed == [is_right(number) for number in range(count)]
    print(
        f"  {name:12}{count:6}{times.wall / count:10.3f}{times.cpu / count:10.3f}"
        f"   {'' if agrees else f'VERDICTS DIFFER: {[n for n, one in enumerate(passed) if one][:20]}'}",
        flush=True,
    )
    return agrees


def main() -> int:
    """Measure and print; 0 when every target was met, else 1."""
    parser = argparse.ArgumentParser(description="Measure the grader against other graders.")
    parser.add_argument("--environments", type=Path, help="where the peers' environments are kept (default: nowhere)")
    parser.add_argument("--sizes", default="12,120,1200", help="numbers of submissions for the grader")
    parser.add_argument("--exercises", default=",".join(EXERCISES))
    parser.add_argument("--only", default=",".join(tool.name for tool in TOOLS), help="which peers")
    options = parser.parse_args()
    adopt_orphans()
    good = True
    with tempfile.TemporaryDirectory(prefix="peers-") as name:
        environments = (options.environments or Path(name, "environments")).resolve()
        tools = [tool for tool in TOOLS if tool.name in options.only.split(",")]
        own = install_grader(environments)
        programs = {tool.name: install(tool, environments) for tool in tools}
        write_images(Path(name, "images.npz"))
        for exercise in options.exercises.split(","):
            print(f"{exercise:14}{'count':>6}{'wall':>10}{'cpu':>10}   seconds a submission", flush=True)
            fastest = float("inf")
            texts = submissions(exercise, TWELVE)
            for tool in tools:
                _peer(tool, Path(name, f"{tool.name}-{exercise}-first"), exercise, texts[:1], programs[tool.name])
                folder = Path(name, f"{tool.name}-{exercise}")
                times, passed = _peer(tool, folder, exercise, texts, programs[tool.name])
                good &= _line(tool.name, TWELVE, times, passed)
                fastest = min(fastest, times.wall / TWELVE)
            ours(own, Path(name, f"grade-{exercise}-first"), exercise, 1)
            for count in map(int, options.sizes.split(",")):
                times, passed = ours(own, Path(name, f"grade-{exercise}-{count}"), exercise, count)
                good &= _line("grade batch", count, times, passed)
                faster = fastest / (times.wall / count)
                target = TARGETS.get(count, (0, 0))[EXERCISES.index(exercise)]
                good &= faster >= target
                print(f"    {faster:.0f} times as fast as the fastest peer; target {target}", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
