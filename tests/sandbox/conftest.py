"""A launcher for the tests of this folder, and a subject to ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from grader.records import Limits
from grader.sandbox.launcher import PlainLauncher, WarmLauncher
from grader.sandbox.process import Process

LIMITS = Limits(call_seconds=2.0, memory_bytes=512 * 1024**2, output_bytes=100_000, answer_bytes=10**6)
SECONDS = 2.0


class Subject:
    """A subject that holds one source."""

    def __init__(self, launcher: WarmLauncher | PlainLauncher, source: str, limits: Limits = LIMITS) -> None:
        self.process: Process = launcher.start_subject(limits)
        program = {
            "module_name": "exercise_0",
            "chunks": [{"filename": "exercise_0.py", "source": source}],
            "helpers": [{"name": "my_helper", "filename": "my_helper.py", "source": "VALUE = 42\n"}],
        }
        request = {"do": "load", "program": program, "datasets": {}, "seconds": SECONDS / 2}
        self.loaded: dict[str, Any] = self.process.ask(request, seconds=SECONDS)

    def call(self, name: str, *arguments: Any, observe: bool = False, seconds: float = SECONDS) -> Any:
        """The kind of the answer and the answer itself."""
        request = {"do": "call", "name": name, "arguments": arguments, "keywords": {}, "observe": observe}
        return self.process.exchange(request, seconds=seconds)[1]


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmLauncher]:
    launcher = WarmLauncher(("numpy",), "auto")
    yield launcher
    launcher.close()


@pytest.fixture(scope="session", params=["warm", "plain"])
def launcher(request: pytest.FixtureRequest, warm: WarmLauncher) -> Iterator[WarmLauncher | PlainLauncher]:
    """Both ways to start a subject."""
    if request.param == "warm":
        yield warm
        return
    plain = PlainLauncher(("numpy",))
    yield plain
    plain.close()
