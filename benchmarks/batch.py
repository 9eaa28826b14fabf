"""What a batch costs beside the submissions' own work: `python benchmarks/batch.py [--overhead N] [--growth N]`.

`--overhead` grades N distinct submissions of exercise-2 on two workers, and divides its time by what the submissions'
own functions and the distinct trainings take in a warm process. `--growth` grades N small submissions of exercise-3 and
compares the time for each of the last tenth with that of the first, and the parent's memory at the end with that
after a tenth; then times `grade book` and `grade export`. Linux only. Exits with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from peer_submissions import submissions
from timing import compile_package

from grader.course import builtin_folder, read_course
from grader.grading.questions import Questions
from grader.records import Limits
from grader.sandbox.launcher import choose_launcher
from grader.submission import read_submission

JOBS: Final = 2
OVERHEAD: Final = 2.0
GROWTH: Final = 1.1
MEMORY: Final = 1.5
CALLS: Final = {"build_hidden_layer": 2, "build_output_layer": 2, "build_model": 2}
"""How often the checks of exercise-2 call each function."""


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "TF_CPP_MIN_LOG_LEVEL": "3"}


def _fill(folder: Path, stem: str, texts: list[str]) -> None:
    for number, text in enumerate(texts):
        file = folder / "in" / f"s{number:05}" / f"{stem}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def _batch(folder: Path, exercise: str) -> tuple[float, list[tuple[float, int]]]:
    """Seconds of a batch by the clock, and the parent's resident memory at a time each half second, in bytes."""
    command = [sys.executable, "-m", "grader", "batch", "in", "--out", "out", "--exercise", exercise]
    started, memory = time.perf_counter(), list[tuple[float, int]]()
    with subprocess.Popen(
        [*command, "--jobs", str(JOBS)],
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as run:
        while run.poll() is None:
            try:
                pages = Path(f"/proc/{run.pid}/statm").read_text("ascii").split()[1]
            except (OSError, IndexError):
                break
            memory.append((time.time(), int(pages) * os.sysconf("SC_PAGE_SIZE")))
            time.sleep(0.5)
    return time.perf_counter() - started, memory


def own_seconds(texts: list[str]) -> float:
    """What the submissions' functions take, called as often as the checks do, each in a fork of one warm process."""
    course = read_course(builtin_folder())
    exercise = course.exercise("exercise-2")
    launcher = choose_launcher("off", ("keras", "numpy", "tensorflow"))
    total = 0.0
    try:
        for text in texts:
            submission = read_submission(Path("exercise_2.py"), functions=exercise.functions, content=text.encode())
            questions = Questions(submission, Limits(), launcher.start_subject, dict)
            questions.load()
            started = time.perf_counter()
            for name, times in CALLS.items():
                for _index in range(times):
                    questions.ask(name, (), {}, False)  # noqa: FBT003 - positional in its signature
            total += time.perf_counter() - started
            questions.close()
    finally:
        launcher.close()
    return total


def overhead(count: int) -> bool:
    """Measure and print the ratio; whether it is good."""
    texts = submissions("exercise-2", count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _fill(folder, "exercise_2", texts)
        wall, _memory = _batch(folder, "exercise-2")
        again = tempfile.mkdtemp(dir=name)
        _fill(Path(again), "exercise_2", texts)
        (folder / "cache").rename(Path(again, "cache"))
        remembered, _memory = _batch(Path(again), "exercise-2")
    own = own_seconds(texts)
    trainings = max(wall - remembered, 0.0)
    ratio = wall / (own + trainings)
    print(f"{count} submissions of exercise-2 on {JOBS} workers: {wall:.1f} s")
    print(
        f"their own functions {own:.1f} s, distinct trainings {trainings:.1f} s: ratio {ratio:.2f}, at most {OVERHEAD}"
    )
    return ratio <= OVERHEAD


def growth(count: int) -> bool:
    """Measure and print how time and memory grow; whether they are good."""
    text = (builtin_folder() / "solutions" / "exercise-3" / "exercise_3.py").read_text("utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _fill(folder, "exercise_3", [f"{text}\n# {number}\n" for number in range(count)])
        wall, memory = _batch(folder, "exercise-3")
        with closing(sqlite3.connect(folder / "out" / "gradebook.sqlite")) as connection:
            moments = [
                datetime.fromisoformat(row[0]).replace(tzinfo=UTC).timestamp()
                for row in connection.execute("SELECT finished_at FROM runs ORDER BY id")
            ]
        part = count // 10
        first, last = (moments[part - 1] - moments[0]) / part, (moments[-1] - moments[-part]) / part
        print(
            f"{count} submissions of exercise-3: {wall:.1f} s; for each of the first tenth {first * 1000:.1f} ms, ",
            end="",
        )
        print(f"of the last {last * 1000:.1f} ms: {last / first:.2f}, at most {GROWTH}")
        after_a_tenth = next(size for moment, size in memory if moment > moments[part - 1])
        grown = max(size for _moment, size in memory) / after_a_tenth
        print(f"the parent's memory at most {grown:.2f} times that after a tenth, at most {MEMORY}")
        exports = (("export", "csv", "out"), ("export", "gradescope", "out", "--output", "files"))
        for words in (("book", "out"), *exports, ("batch", "in", "--out", "out")):
            started = time.perf_counter()
            command = [sys.executable, "-m", "grader", *words]
            subprocess.run(command, cwd=folder, env=_environment(folder), check=False, capture_output=True)
            print(f"grade {' '.join(words)}: {time.perf_counter() - started:.1f} s")
    return last / first <= GROWTH and grown <= MEMORY


def main() -> int:
    """Measure and print; 0 when every target was met, else 1."""
    parser = argparse.ArgumentParser(description="Measure what a batch costs beside the submissions' own work.")
    parser.add_argument("--overhead", type=int, default=200, help="submissions of exercise-2; 0 leaves it out")
    parser.add_argument("--growth", type=int, default=10_000, help="submissions of exercise-3; 0 leaves it out")
    options = parser.parse_args()
    compile_package()
    good = [measured(count) for measured, count in ((overhead, options.overhead), (growth, options.growth)) if count]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
