"""Who grades: the checkers of this machine, or those of whoever else keeps to the same protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from grader.workers.beginning import Nursery
from grader.workers.crew import Crew
from grader.workers.jobs import Done, Job, Setup
from grader.workers.machine import cores, require_linux


class Workers(Protocol):
    """Whoever grades one job after another."""

    def results(self, jobs: Iterable[Job], started: Callable[[Job], None]) -> Iterator[Done]:
        """What comes of each job, in the order in which they end.

        Jobs are taken as they can be given out; `started` is told of each then.
        """

    def close(self) -> None:
        """End everything that has been started; what is under way is lost. A second call does nothing."""


Hire = Callable[[Setup], Workers]
"""Gives whoever grades by a setup; the caller closes it."""


def on_this_machine(jobs: int | None = None, nursery: Nursery | None = None) -> Hire:
    """As many checkers as `jobs` says, or as there are cores for this process. Raises UsageError but on Linux.

    `nursery` is one that waits to be begun, for the first who are hired.
    """
    require_linux()
    size = jobs or cores()

    def hire(setup: Setup) -> Workers:
        nonlocal nursery
        own, nursery = (nursery or Nursery()).begin(setup), None
        return Crew(setup, size, own)

    return hire
