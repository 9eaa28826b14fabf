"""Checkers and the nursery that they come from, when some of them end in the middle."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.course import builtin_folder
from grader.errors import InternalError
from grader.workers import crew as crews
from grader.workers.beginning import _MODULE, Nursery
from grader.workers.crew import Crew
from grader.workers.jobs import Job, Setup, Source
from tests.batch.cohorts import SOLUTION
from tests.sandbox.processes import children_of, lives, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/ns").exists(), reason="a crew needs Linux")]
_SETUP = Setup(
    course=str(builtin_folder()),
    language="en",
    sandbox="required",
    time_limit=None,
    imports=("numpy",),
    environment={},
)


@pytest.fixture
def crew() -> Iterator[Crew]:
    """One checker, which is hired when it has something to do."""
    crew = Crew(_SETUP, 1, Nursery().begin(_SETUP))
    yield crew
    crew.close()


def job(key: str) -> Job:
    """A submission that passes."""
    source = Source(name="exercise_3.py", content=SOLUTION.encode(), helpers={})
    return Job(key=key, exercise="exercise-3", path="exercise_3.py", source=source)


def nursery() -> int:
    """The number of the nursery's process: this one may have other children, of other tests, and an earlier nursery."""
    found = [pid for pid in children_of(os.getpid()) if _MODULE in Path(f"/proc/{pid}/cmdline").read_text("utf-8")]
    return found[-1]


def checker() -> int:
    """The number of the checker's process, a fork of the template, which is the nursery's first child."""
    return children_of(children_of(nursery())[0])[0]


def killing(victim: Callable[[], int], times: int) -> Callable[[Job], None]:
    """To be called with each job that a checker is given: kills `victim` so many times."""
    left = [victim] * times

    def started(_job: Job) -> None:
        if left:
            pid = left.pop()()
            os.kill(pid, signal.SIGKILL)
            assert wait_until(lambda: not lives(pid))

    return started


def test_a_job_whose_checker_ends_is_tried_once_more_in_each_batch(crew: Crew) -> None:
    for _batch in range(2):
        (done,) = crew.results([job("0")], killing(checker, 1))
        assert (done.key, done.failure) == ("0", None)
    (lost,) = crew.results([job("0")], killing(checker, 2))
    assert (lost.key, lost.failure, lost.report) == ("0", "grader", None)


@pytest.mark.parametrize("victim", [nursery, lambda: children_of(nursery())[0]], ids=["nursery", "template"])
def test_a_nursery_that_ends_is_followed_by_another(crew: Crew, victim: Callable[[], int]) -> None:
    found = [done.failure for done in crew.results([job("0"), job("1")], killing(victim, 1))]
    assert found == [None, None]


def test_a_nursery_that_never_lives_is_told_with_its_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.workers.beginning._MODULE", "grader.workers.nothing_like_this")
    crew = Crew(_SETUP, 1, Nursery().begin(_SETUP))
    begun = []

    def begin() -> Nursery:
        begun.append(Nursery())
        return begun[-1]

    monkeypatch.setattr(crews, "Nursery", begin)
    with pytest.raises(InternalError, match=r"has ended: .*nothing_like_this"):
        list(crew.results([job("0")]))
    assert len(begun) == crews.NURSERIES - 1
    crew.close()
