"""What confinement costs a subject: `python benchmarks/confinement.py [--rounds N] [--imports NAME ...]`.

Two warm processes stand side by side, one confines its forks and one does not. In each round both start a subject, ask
it for one thing and end it, so that a machine that slows down slows both. Linux only. Exits with 1 when the target is
missed.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import time
from dataclasses import dataclass
from typing import Final

from grader.records import Limits
from grader.sandbox.launcher import WarmLauncher

MOST_SECONDS: Final = 0.025
"""For confining a subject and verifying it, by the median."""
_PROGRAM: Final = {
    "module_name": "nothing",
    "chunks": [{"filename": "nothing.py", "source": "def one(): return 1\n"}],
    "helpers": [],
}
_LOAD: Final = {"do": "load", "program": _PROGRAM, "datasets": {}, "seconds": 10.0}
_CALL: Final = {"do": "call", "name": "one", "arguments": (), "keywords": {}, "observe": False}
_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Times:
    """Seconds by the clock: until a subject can be asked, for loading and one call, and until it is cleared away."""

    start: float
    ask: float
    end: float

    @property
    def whole(self) -> float:
        """All of a subject's life."""
        return self.start + self.ask + self.end


def measure(launcher: WarmLauncher) -> Times:
    """One subject's life."""
    moments = [time.perf_counter()]
    process = launcher.start_subject(Limits())
    moments.append(time.perf_counter())
    process.ask(_LOAD, seconds=_SECONDS)
    process.ask(_CALL, seconds=_SECONDS)
    moments.append(time.perf_counter())
    process.kill()
    moments.append(time.perf_counter())
    start, ask, end = (later - earlier for earlier, later in itertools.pairwise(moments))
    return Times(start, ask, end)


def report(confined: list[Times], free: list[Times]) -> bool:
    """Print what was measured; whether the target was met."""
    print(f"{'milliseconds, median':22}{'confined':>10}{'free':>10}{'cost':>10}")
    for kind in ("start", "ask", "end", "whole"):
        pairs = [(getattr(one, kind), getattr(other, kind)) for one, other in zip(confined, free, strict=True)]
        first, second = (statistics.median(column) for column in zip(*pairs, strict=True))
        cost = statistics.median(one - other for one, other in pairs)
        print(f"{kind:22}{first * 1000:10.1f}{second * 1000:10.1f}{cost * 1000:10.1f}")
    cost = statistics.median(one.whole - other.whole for one, other in zip(confined, free, strict=True))
    met = cost <= MOST_SECONDS
    print(f"\nconfinement: {cost * 1000:.1f} ms, at most {MOST_SECONDS * 1000:.0f}{'' if met else '  MISSED'}")
    return met


def main() -> int:
    """Measure and print; 0 when the target was met, else 1."""
    parser = argparse.ArgumentParser(description="Measure what confinement costs a subject.")
    parser.add_argument("--rounds", type=int, default=50, help="how many subjects of each kind (default: 50)")
    parser.add_argument("--imports", nargs="*", default=["tensorflow", "keras"], help="what the warm processes import")
    options = parser.parse_args()
    imports = ("numpy", *options.imports)
    confined, free = WarmLauncher(imports, "required"), WarmLauncher(imports, "off")
    try:
        for launcher in (confined, free):
            measure(launcher)
        print("layers:", ", ".join(confined.facts.layers), end="\n\n")
        times = [(measure(confined), measure(free)) for _ in range(options.rounds)]
        return 0 if report([one for one, _ in times], [other for _, other in times]) else 1
    finally:
        confined.close()
        free.close()


if __name__ == "__main__":
    sys.exit(main())
