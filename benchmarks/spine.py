"""How long grading takes, as ratios to what cannot be avoided: `python benchmarks/spine.py [--rounds N]`.

Every command runs once in each round, so that a machine that slows down slows all of them. A ratio is the median over
the rounds of a command's time by its yardstick's in the same round. Processor time includes every process that a
command started, for this process adopts those whose parent has died. Linux only. Exits with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from timing import Times, adopt_orphans, compile_package, measure, wait_for_orphans

ROOT: Final = Path(__file__).resolve().parent.parent

_MODEL = """
import tensorflow, keras, sys
model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(100, "sigmoid"), keras.layers.Dense(10, "softmax")])
model.save(sys.argv[1] + "/model.keras")
"""
_SECOND = """
import sys
from pathlib import Path
from grader.course import read_course
from grader.grading import GradingOptions, Session
course = read_course(Path(sys.argv[1]))
exercise = course.exercise("exercise-3")
with Session(course, GradingOptions()) as session:
    first, second = (session.grade(exercise, Path(sys.argv[1], "solutions", "exercise-3")) for _ in range(2))
print(second.seconds)
"""


@dataclass(frozen=True)
class Target:
    """A command that should take at most `most` times as long as its yardstick."""

    name: str
    yardstick: str
    most: float


TARGETS: Final = (
    Target("grade --help", "import rich", 3.0),
    Target("grade exercise-1", "import numpy, sklearn, pytest", 2.0),
    Target("grade exercise-3", "import numpy, sklearn, pytest", 2.0),
    Target("grade exercise-2, remembered", "import tensorflow, build, save", 1.6),
)
SECONDS: Final = {"a stub": 0.5, "a syntax error": 0.5}
"""Most processor time for answers that need nothing to be run."""


def commands(folder: Path) -> dict[str, list[str]]:
    """The command lines by name; `folder` is for what they read and write."""
    broken = folder / "exercise_2.py"
    broken.write_text("def build_model(:\n    pass\n", encoding="utf-8")
    python, grade = [sys.executable, "-c"], [sys.executable, "-m", "grader"]
    return {
        "import rich": [*python, "import rich"],
        "grade --help": [*grade, "--help"],
        "import numpy, sklearn, pytest": [*python, "import numpy, sklearn.model_selection, pytest"],
        "grade exercise-1": [*grade, "exercise-1", str(ROOT / "solutions" / "exercise-1")],
        "grade exercise-3": [*grade, "exercise-3", str(ROOT / "solutions" / "exercise-3")],
        "import tensorflow, build, save": [*python, _MODEL, str(folder)],
        "grade exercise-2, remembered": [*grade, "exercise-2", str(ROOT / "solutions" / "exercise-2")],
        "a stub": [*grade, "exercise-2", str(ROOT / "exercises" / "exercise-2")],
        "a syntax error": [*grade, "exercise-2", str(broken)],
    }


def second_run_seconds(environment: dict[str, str]) -> float:
    """Wall time of grading once more with a warm process that is there already."""
    command = [sys.executable, "-c", _SECOND, str(ROOT)]
    printed = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    wait_for_orphans()
    return float(printed)


def ratio(measured: dict[str, list[Times]], target: Target, kind: str) -> float:
    """The median over the rounds of a target's time by its yardstick's."""
    pairs = zip(measured[target.name], measured[target.yardstick], strict=True)
    return statistics.median(float(getattr(one, kind) / getattr(other, kind)) for one, other in pairs)


def report(measured: dict[str, list[Times]], second: list[float]) -> bool:
    """Print what was measured; whether every target was met."""
    met = True
    print(f"{'seconds, median':34}{'wall':>8}{'cpu':>8}")
    for name, times in measured.items():
        wall, cpu = (statistics.median(getattr(one, kind) for one in times) for kind in ("wall", "cpu"))
        missed = name in SECONDS and cpu > SECONDS[name]
        met &= not missed
        limit = f"   at most {SECONDS[name]} cpu{'  MISSED' if missed else ''}" if name in SECONDS else ""
        print(f"{name:34}{wall:8.3f}{cpu:8.3f}{limit}")
    print(f"{'exercise-3 again, same process':34}{statistics.median(second):8.3f}\n")
    print(f"{'ratio, median':34}{'wall':>8}{'cpu':>8}")
    for target in TARGETS:
        wall, cpu = (ratio(measured, target, kind) for kind in ("wall", "cpu"))
        missed = wall > target.most
        met &= not missed
        print(f"{target.name:34}{wall:8.2f}{cpu:8.2f}   at most {target.most} wall{'  MISSED' if missed else ''}")
    return met


def main() -> int:
    """Measure and print; 0 when every target was met, else 1."""
    parser = argparse.ArgumentParser(description="Measure the grader against what its imports alone take.")
    parser.add_argument("--rounds", type=int, default=7, help="how often each command runs (default: 7)")
    rounds = parser.parse_args().rounds
    compile_package()
    adopt_orphans()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = os.environ | {
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PYTHONPATH": str(ROOT),
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        lines = commands(folder)
        for line in lines.values():
            measure(line, environment, ROOT)  # fills the disk cache, and trains what is then remembered
        measured: dict[str, list[Times]] = {title: [] for title in lines}
        second = []
        for _ in range(rounds):
            for title, line in lines.items():
                measured[title].append(measure(line, environment, ROOT))
            second.append(second_run_seconds(environment))
        return 0 if report(measured, second) else 1


if __name__ == "__main__":
    sys.exit(main())
