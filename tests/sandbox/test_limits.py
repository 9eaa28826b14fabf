"""Limits that are enforced from outside: each one ends the subject, and says which it was and how much it allows."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from grader.errors import LimitError
from grader.records import Limits
from grader.sandbox.exceeding import SCRATCH_FILES, THREADS, beyond, refused_by_kernel
from grader.sandbox.launcher import PlainLauncher, WarmLauncher
from tests.sandbox.conftest import Subject
from tests.sandbox.processes import descendants_of, lives, wait_until

Launcher = WarmLauncher | PlainLauncher
LIMITS = Limits(call_seconds=20, cpu_seconds=20, memory_bytes=1024**3, file_bytes=8 * 1024**2, open_files=64)
NOTHING = {"resident_bytes": 0, "cpu_seconds": 0.0, "threads": 1, "scratch_is_full": False}


@pytest.mark.parametrize(
    ("uses", "words"),
    [
        ({"resident_bytes": 1024**3 + 1}, "more memory than the limit of 1 GB"),
        ({"cpu_seconds": 20.1}, "more processor time than the limit of 20 seconds"),
        ({"threads": THREADS + 1}, f"more threads than the limit of {THREADS}"),
        ({"scratch_is_full": True}, f"limit of 256 MB together, or of {SCRATCH_FILES} files"),
    ],
)
def test_what_is_seen_from_outside_is_told_with_its_limit(uses: dict[str, float], words: str) -> None:
    exceeded = beyond(LIMITS, **NOTHING | uses)  # type: ignore[arg-type]
    assert exceeded is not None
    assert words in str(exceeded)
    assert exceeded.timed_out is ("cpu_seconds" in uses)


def test_a_limit_that_is_just_reached_is_not_exceeded() -> None:
    at_most = {"resident_bytes": 1024**3, "cpu_seconds": 20.0, "threads": THREADS, "scratch_is_full": False}
    assert beyond(LIMITS, **at_most) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("facts", [None, [], {}, {"limit": "other"}, {"limit": ["scratch"]}, {"limit": {}}])
def test_other_exceptions_tell_of_no_limit(facts: object) -> None:
    assert refused_by_kernel(facts, LIMITS) is None


@pytest.fixture(scope="module")
def on_disk() -> Iterator[WarmLauncher]:
    """A launcher whose scratch folders are on a disk."""
    launcher = WarmLauncher(("numpy",), "auto", without=frozenset({"mounts"}))
    yield launcher
    launcher.close()


@pytest.fixture(params=["mounts", "on a disk", "plain"])
def any_launcher(request: pytest.FixtureRequest, warm: WarmLauncher) -> Iterator[Launcher]:
    """Every way in which a scratch folder is limited."""
    if request.param == "mounts":
        yield warm
    elif request.param == "on a disk":
        yield request.getfixturevalue("on_disk")
    else:
        plain = PlainLauncher(("numpy",))
        yield plain
        plain.close()


MANY_FILES = """
def fill():
    for number in range(30_000):
        try:
            open(str(number), "w").close()
        except OSError:
            pass
    while True: pass
"""
LARGE_FILES = """
import time
def fill():
    for number in range(60):
        try:
            open(str(number), "wb").write(bytes(8_000_000))
        except OSError:
            pass
    while True: pass
"""


@pytest.mark.slow
@pytest.mark.parametrize("source", [MANY_FILES, LARGE_FILES], ids=["many files", "large files"])
def test_a_scratch_folder_that_overflows_ends_the_subject(any_launcher: Launcher, source: str) -> None:
    subject = Subject(any_launcher, source, LIMITS)
    with pytest.raises(LimitError, match="256 MB together, or of 10000 files"):
        subject.call("fill", seconds=30)
    assert not subject.process.alive


@pytest.mark.slow
def test_a_full_scratch_folder_is_told_even_where_the_exception_comes_first(warm: WarmLauncher) -> None:
    source = "def fill():\n    for number in range(60): open(str(number), 'wb').write(bytes(8_000_000))\n"
    with pytest.raises(LimitError, match="256 MB together"):
        Subject(warm, source, LIMITS).call("fill", seconds=30)


@pytest.mark.slow
def test_one_file_that_is_too_large_is_told_with_its_limit(any_launcher: Launcher) -> None:
    subject = Subject(any_launcher, "def fill():\n    open('f', 'wb').write(bytes(9_000_000))\n", LIMITS)
    with pytest.raises(LimitError, match="a file larger than the limit of 8 MB"):
        subject.call("fill")
    assert not subject.process.alive


@pytest.mark.slow
def test_too_many_open_files_are_told_with_their_limit(any_launcher: Launcher) -> None:
    subject = Subject(any_launcher, "kept = []\ndef fill():\n    while True: kept.append(open('f', 'w'))\n", LIMITS)
    with pytest.raises(LimitError, match="more files at one time than the limit of 64"):
        subject.call("fill")


@pytest.mark.slow
def test_a_bomb_of_threads_is_told_with_its_limit(warm: WarmLauncher) -> None:
    source = (
        "import threading, time\n"
        "threading.stack_size(65536)\n"
        "def bomb():\n"
        "    while True:\n"
        "        try:\n"
        "            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "        except RuntimeError:\n"
        "            pass\n"
    )
    with pytest.raises(LimitError, match=f"more threads than the limit of {THREADS}"):
        Subject(warm, source, LIMITS).call("bomb", seconds=30)


@pytest.mark.slow
def test_a_bomb_of_processes_ends_with_its_subject() -> None:
    launcher = WarmLauncher(("numpy",), "auto", without=frozenset({"seccomp"}))
    source = "import os, time\ndef bomb():\n    for _ in range(50):\n        if os.fork() == 0: time.sleep(60)\n"
    before = set(descendants_of(os.getpid()))
    try:
        subject = Subject(launcher, source, LIMITS)
        subject.call("bomb")
        started = set(descendants_of(os.getpid())) - before
        assert len(started) > 50
        subject.process.kill()
        assert wait_until(lambda: sum(map(lives, started)) <= 2)  # the warden and the warm process
    finally:
        launcher.close()
