"""A second `%grade` in a live kernel: `python benchmarks/live.py [--rounds N]`.

A kernel grades exercise-2 once, which trains its model and warms the process; each round then executes the functions
anew, grades again, and takes the time. In between a bare `import tensorflow` is taken. Exits with 1 when a target is
missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from jupyter_client.manager import KernelManager
from timing import compile_package

ROOT: Final = Path(__file__).resolve().parent.parent
SECONDS: Final = 0.5
FASTER: Final = 6.0


def _run(client: Any, code: str) -> float:
    started = time.perf_counter()
    reply = client.execute_interactive(code, timeout=300, output_hook=lambda _message: None)
    if reply["content"]["status"] != "ok":
        sys.exit(str(reply["content"]))
    return time.perf_counter() - started


def main() -> int:
    """Measure and print; 0 when both targets were met, else 1."""
    parser = argparse.ArgumentParser(description="Measure a second %grade.")
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    solution = (ROOT / "solutions" / "exercise-2" / "exercise_2.py").read_text("utf-8")
    again, imports = [], []
    compile_package()
    with tempfile.TemporaryDirectory() as name:
        manager = KernelManager(kernel_name="python3")
        manager.start_kernel(cwd=name, env={**os.environ, "XDG_CACHE_HOME": name})
        client: Any = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        try:
            _run(client, "%load_ext grader")
            _run(client, solution)
            _run(client, "%grade exercise-2")
            for number in range(rounds):
                _run(client, f"{solution}\n# {number}")
                again.append(_run(client, "%grade exercise-2"))
                started = time.perf_counter()
                subprocess.run([sys.executable, "-c", "import tensorflow"], capture_output=True, check=True)
                imports.append(time.perf_counter() - started)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    graded, bare = statistics.median(again), statistics.median(imports)
    print(f"%grade again: {graded:.2f} s in the median, at most {SECONDS}")
    print(f"import tensorflow: {bare:.2f} s; {bare / graded:.1f} times as long, at least {FASTER}")
    return 0 if graded <= SECONDS and bare / graded >= FASTER else 1


if __name__ == "__main__":
    sys.exit(main())
