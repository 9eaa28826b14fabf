"""Whose fault it is when a process cannot be started, or ends: the grader's or the submission's."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.errors import SandboxError, SubjectDied
from grader.sandbox.launcher import PlainLauncher, WarmLauncher
from tests.sandbox.conftest import LIMITS, Subject
from tests.sandbox.processes import children_of, descendants_of, lives, wait_until

pytestmark = pytest.mark.slow

SLEEPS = "import time\ndef sleeps(): time.sleep(60)\ndef works(): return 1\n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WarmLauncher]:
    """A launcher that a test may break."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    launcher = WarmLauncher(("numpy",), "auto")
    yield launcher
    launcher.close()
    assert list(tmp_path.iterdir()) == []


def warm_process() -> int:
    """The number of the warm process that was started last: the only child of its warden."""
    return children_of(children_of(os.getpid())[-1])[0]


def test_a_subject_that_is_killed_from_outside_has_died_by_itself(own: WarmLauncher) -> None:
    subject = Subject(own, SLEEPS)
    (pid,) = children_of(warm_process())
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(SubjectDied, match="SIGKILL"):
        subject.call("works")
    assert Subject(own, SLEEPS).call("works")["value"] == 1


def test_a_warm_process_that_dies_before_a_call_is_the_graders_fault(own: WarmLauncher) -> None:
    subject = Subject(own, SLEEPS)
    (pid,) = children_of(warm_process())
    os.kill(warm_process(), signal.SIGKILL)
    assert wait_until(lambda: not lives(pid))
    with pytest.raises(SandboxError):
        subject.call("works")
    assert not subject.process.alive
    with pytest.raises(SandboxError, match="has ended"):
        own.start_subject(LIMITS)


def test_a_warm_process_that_dies_during_a_call_is_the_graders_fault(own: WarmLauncher) -> None:
    subject = Subject(own, SLEEPS)
    killer = threading.Timer(0.2, os.kill, (warm_process(), signal.SIGKILL))
    killer.start()
    with pytest.raises(SandboxError):
        subject.call("sleeps")
    killer.join()


def test_a_reply_that_comes_too_late_is_not_taken_for_the_next(
    own: WarmLauncher, monkeypatch: pytest.MonkeyPatch
) -> None:
    Subject(own, SLEEPS).process.kill()
    assert own.usable
    with monkeypatch.context() as patched:
        patched.setattr("grader.sandbox.warm_launcher._FORK_SECONDS", 0.0)
        with pytest.raises(SandboxError, match="does not answer"):
            own.start_subject(LIMITS)
    assert not own.usable
    with pytest.raises(SandboxError, match="has ended"):
        own.start_subject(LIMITS)


@pytest.mark.parametrize("kind", [WarmLauncher, PlainLauncher])
def test_what_cannot_be_imported_is_told(kind: Callable[..., WarmLauncher | PlainLauncher]) -> None:
    launcher = kind(("numpy", "nothing_like_this"), *(["auto"] if kind is WarmLauncher else []))
    with contextlib.closing(launcher):
        assert Subject(launcher, SLEEPS).call("works")["value"] == 1
        (told,) = launcher.failed.items()
    assert told == ("nothing_like_this", "ModuleNotFoundError: No module named 'nothing_like_this'")


def test_a_plain_process_that_cannot_start_is_the_graders_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def command(_module: str, *_arguments: str) -> list[str]:
        return [sys.executable, "-c", "raise SystemExit('no room')"]

    monkeypatch.setattr("grader.sandbox.plain_launcher.python_command", command)
    with contextlib.closing(PlainLauncher(("numpy",))) as launcher:
        for _ in range(2):
            with pytest.raises(SandboxError, match="could not be started: no room"):
                launcher.start_subject(LIMITS)


def test_a_fork_that_fails_is_the_graders_fault_and_the_next_may_succeed(own: WarmLauncher) -> None:
    Subject(own, SLEEPS).process.kill()
    pid, living = warm_process(), len(descendants_of(os.getpid()))
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, before[1]))
    with pytest.raises(SandboxError, match="could not be started"):
        own.start_subject(LIMITS)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    assert Subject(own, SLEEPS).call("works")["value"] == 1
    assert len(descendants_of(os.getpid())) == living + 1


def test_an_entry_that_does_not_exist_is_told_by_its_own_error(own: WarmLauncher) -> None:
    with pytest.raises(SandboxError, match="nothing_like_this"):
        own.start_trusted("grader.sandbox.nothing_like_this:serve")


def test_any_function_of_the_graders_own_can_be_served(own: WarmLauncher) -> None:
    process = own.start_trusted("grader.sandbox.environment:clean_environment")
    # It takes no channel, so it ends with a TypeError: it was found, called, and its death told.
    with pytest.raises(SubjectDied, match="exit code 1"):
        process.ask({}, seconds=10)
    assert "clean_environment()" in process.take_printed()


def test_one_step_of_closing_that_fails_does_not_skip_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(descendants_of(os.getpid()))
    launcher = WarmLauncher(("numpy",), "auto")
    first, second = launcher.start_subject(LIMITS), launcher.start_subject(LIMITS)
    started = set(descendants_of(os.getpid())) - before

    def fails() -> None:
        raise RuntimeError("this step")

    monkeypatch.setattr(first, "kill", fails)
    with pytest.raises(RuntimeError, match="this step"):
        launcher.close()
    monkeypatch.undo()
    with pytest.raises(SandboxError):
        first.kill()
    assert not second.alive
    assert wait_until(lambda: not any(map(lives, started)))
    assert list(tmp_path.iterdir()) == []


FORKED = """
import os, socket, subprocess, sys
from grader.records import Limits
from grader.sandbox import confinement, warm
from grader.sandbox.launcher import WarmLauncher

class Child:
    stderr = None
    def __init__(self, pid): self.pid = pid
    def kill(self): os.kill(self.pid, 9)
    def wait(self, timeout=None): return os.waitpid(self.pid, 0)[1]

def start(control, folder):
    pid = os.fork()
    if pid == 0:
        os.setsid()
        confinement.close_descriptors({control.fileno()})
        warm.main([str(control.detach())])
        os._exit(1)
    return Child(pid)

launcher = WarmLauncher(("numpy",), "required", start=start)
process = launcher.start_subject(Limits())
print(launcher.facts.level)
launcher.close()
print(process.alive)
"""


def test_a_warm_process_may_be_a_fork_of_one_that_has_imported_everything() -> None:
    ended = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, check=False, timeout=60)
    assert (ended.stdout, ended.stderr) == ("full\nFalse\n", "")
