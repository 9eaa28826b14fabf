"""From save to report under `grade watch`: `python benchmarks/watching.py [--rounds N]`.

`grade watch exercise-2` runs in a terminal of its own, its accuracy remembered; each round saves the file with another
comment and takes the time until the report is there. In between a bare `import tensorflow` is taken. Linux only. Exits
with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import os
import pty
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from timing import compile_package

ROOT: Final = Path(__file__).resolve().parent.parent
SECONDS: Final = 0.5
FASTER: Final = 6.0


def _read_until(controller: int, words: bytes, seconds: float = 120.0) -> None:
    text, deadline = b"", time.monotonic() + seconds
    while words not in text:
        if time.monotonic() > deadline:
            sys.exit(f"{words!r} did not come: {text[-500:]!r}")
        try:
            text += os.read(controller, 65_536)
        except BlockingIOError:
            time.sleep(0.002)


def main() -> int:
    """Measure and print; 0 when both targets were met, else 1."""
    parser = argparse.ArgumentParser(description="Measure the time from save to report.")
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    solution = (ROOT / "solutions" / "exercise-2" / "exercise_2.py").read_text("utf-8")
    broken = solution.replace('activation="sigmoid"', 'activation="relu"')
    saves, imports = [], []
    compile_package()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "exercise_2.py"
        file.write_text(solution, "utf-8")
        own = {**os.environ, "XDG_CACHE_HOME": str(folder / "c"), "XDG_STATE_HOME": str(folder / "s"), "TERM": "xterm"}
        controller, terminal = pty.openpty()
        os.set_blocking(controller, False)
        command = [sys.executable, "-m", "grader", "watch", "exercise-2", "--lang", "en"]
        process = subprocess.Popen(
            command, cwd=folder, env=own, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True
        )
        try:
            _read_until(controller, b"q quit")
            for number in range(rounds):
                text = solution if number % 2 else broken
                started = time.perf_counter()
                file.write_text(f"{text}\n# {number}\n", "utf-8")
                _read_until(controller, b"q quit")
                saves.append(time.perf_counter() - started)
                started = time.perf_counter()
                subprocess.run([sys.executable, "-c", "import tensorflow"], capture_output=True, check=True)
                imports.append(time.perf_counter() - started)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    save, bare = statistics.median(saves), statistics.median(imports)
    print(f"from save to report: {save:.2f} s in the median, at most {SECONDS}")
    print(f"import tensorflow: {bare:.2f} s; {bare / save:.1f} times as long, at least {FASTER}")
    return 0 if save <= SECONDS and bare / save >= FASTER else 1


if __name__ == "__main__":
    sys.exit(main())
