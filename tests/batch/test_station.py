"""A worker's side of a cluster, called as a worker calls it."""

from __future__ import annotations

import errno
import os
import platform
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from grader.batch import station
from grader.batch.station import RemoteSetup, grade_job
from grader.gradebook import installed_versions
from grader.sandbox.folders import OwnedFolder
from grader.workers.jobs import Done, Job, Setup, Source
from tests.batch.cohorts import SOLUTION
from tests.sandbox.processes import descendants_of

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/ns").exists(), reason="a batch needs Linux")]


def _remote(versions: Mapping[str, str | None]) -> bytes:
    setup = Setup(course="", language="en", sandbox="required", time_limit=None, imports=("numpy",), environment={})
    return msgspec.msgpack.encode(RemoteSetup(setup=setup, course_sha256="", versions=dict(versions)))


def _graded(remote: bytes) -> Done:
    """What a worker's thread answers to a submission that passes."""
    source = Source(name="exercise_3.py", content=SOLUTION.encode(), helpers={})
    job = Job(key="7", exercise="exercise-3", path="p", source=source)
    return msgspec.msgpack.decode(grade_job(remote, None, msgspec.msgpack.encode(job)), type=Done)


@pytest.fixture
def remote() -> Iterator[bytes]:
    """What is told to this thread's checkers, which are ended afterwards."""
    yield _remote(installed_versions())
    station.dismiss_station()


def test_a_worker_of_other_versions_that_came_later_is_refused_with_its_name() -> None:
    done = _graded(_remote({**installed_versions(), "keras": "0.1"}))
    assert (done.key, done.failure) == ("7", "usage")
    assert f"{platform.node()} has keras" in done.reason


def test_a_workers_checkers_are_begun_again_when_they_have_ended(remote: bytes) -> None:
    for _ in range(2):
        assert _graded(remote).report is not None
        for pid in descendants_of(os.getpid()):
            os.kill(pid, signal.SIGKILL)


def test_a_worker_without_room_says_so_and_grades_when_there_is_some(
    remote: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> OwnedFolder:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(station, "OwnedFolder", full)
        done = _graded(remote)
    assert (done.failure, done.reason) == ("grader", "OSError: [Errno 28] No space left on device")
    assert _graded(remote).report is not None


def test_nobody_waits_for_ever_for_a_worker_that_fails_as_nobody_foresaw(
    remote: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> Done:
        raise SystemExit(1)

    monkeypatch.setattr(station.Station, "_done", fails)
    with pytest.raises(SystemExit):
        _graded(remote)
