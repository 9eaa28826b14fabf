"""The checkers of one machine, seen from the batch: as many as cores, each given one job at a time."""

from __future__ import annotations

import contextlib
import os
import select
import selectors
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from grader.errors import InternalError
from grader.protocol.frames import Channel, Closed, Kind
from grader.sandbox import folders
from grader.workers.beginning import Nursery
from grader.workers.jobs import MESSAGE_BYTES, Done, Job, Setup

JOBS_OF_A_CHECKER: Final = 2000
"""after which a new one takes its place, whatever libraries may have kept: a new one costs as much as ten jobs"""
ATTEMPTS: Final = 2
"""how often a job is tried whose checker was lost"""
NURSERIES: Final = 3
"""of which one after another may end before any submission was graded"""
_ENDING_SECONDS: Final = 1.0
LONGEST_SECONDS: Final = 3600.0
"""wall time after which a checker is taken for stuck; each call and training has a limit of its own within it"""


@dataclass
class _Checker:
    """A checker's connection, a descriptor of its process, and what it is doing."""

    channel: Channel
    process: int
    job: Job | None = None
    since: float = 0.0
    count: int = 0


class Crew:
    """A nursery that was begun by `setup`, and its checkers. Linux only; call `close` at the end."""

    def __init__(self, setup: Setup, size: int, nursery: Nursery) -> None:
        self._setup = setup
        self._size = size
        self._started: Callable[[Job], None] = lambda _job: None
        self._checkers: list[_Checker] = []
        self._retries: deque[Job] = deque()
        self._attempts: dict[str, int] = {}
        self._nursery = nursery
        self._nurseries = 1

    @property
    def running(self) -> list[Job]:
        """What is being graded now."""
        return [checker.job for checker in self._checkers if checker.job is not None]

    def close(self) -> None:
        """End every process at once; what they have not finished is lost, and nothing else.

        A second call does nothing.
        """
        interrupted = [os.dup(checker.process) for checker in self._checkers if checker.job is not None]
        for checker in list(self._checkers):
            self._dismiss(checker)
        self._nursery.close()
        if interrupted:
            _clear_up_after(interrupted)

    def results(self, jobs: Iterable[Job], started: Callable[[Job], None] = lambda _job: None) -> Iterator[Done]:
        """What comes of each job, in the order in which they end. A job is taken from `jobs` when a checker is free.

        Raises InternalError when no checker can be had any more.
        """
        self._started = started
        self._attempts.clear()  # another batch has other jobs of the same keys
        waiting = iter(jobs)
        while True:
            self._hand_out(waiting)
            if not self.running:
                return
            yield from self._collect(waiting)

    def _hand_out(self, waiting: Iterator[Job]) -> None:
        """Give every free checker a job, as long as there are any."""
        idle = [checker for checker in self._checkers if checker.job is None]
        while idle or len(self._checkers) < self._size:
            job = self._retries.popleft() if self._retries else next(waiting, None)
            if job is None:
                return
            checker = idle.pop() if idle else self._hire()
            self._give(checker, job)

    def _give(self, checker: _Checker, job: Job) -> None:
        checker.job, checker.since = job, time.monotonic()
        checker.count += 1
        self._started(job)
        # A checker that is lost already is noticed where its answer is waited for.
        with contextlib.suppress(OSError, Closed):
            checker.channel.send(checker.count, Kind.ASK, msgspec.msgpack.encode(job))

    def _collect(self, waiting: Iterator[Job]) -> Iterator[Done]:
        """Wait for the next answers; a checker has its next job before its last answer is looked at."""
        with selectors.DefaultSelector() as selector:
            for checker in self._checkers:
                if checker.job is not None:
                    selector.register(checker.channel.fileno(), selectors.EVENT_READ, checker)
            events = selector.select(1.0)
        for checker in [checker for checker in self._checkers if self._is_stuck(checker)]:
            yield from self._lost(checker)
        for key, _events in events:
            checker = key.data
            if checker not in self._checkers or checker.job is None:
                continue
            try:
                frame = checker.channel.receive(limit=MESSAGE_BYTES)
                done = msgspec.msgpack.decode(frame.payload, type=Done)
            except (Closed, OSError, msgspec.DecodeError):
                yield from self._lost(checker)
                continue
            job, checker.job = checker.job, None
            self._nurseries = 1
            if checker.count >= JOBS_OF_A_CHECKER or done.failure == "grader":
                self._dismiss(checker)
            self._hand_out(waiting)
            if done.failure == "grader" and self._try_again(job):
                continue
            yield done

    def _is_stuck(self, checker: _Checker) -> bool:
        return checker.job is not None and time.monotonic() - checker.since > LONGEST_SECONDS

    def _lost(self, checker: _Checker) -> Iterator[Done]:
        """What becomes of the job of a checker that has died: it is tried once more, by another."""
        job = checker.job
        self._dismiss(checker)
        if job is not None and not self._try_again(job):
            words = self._nursery.last_words()
            yield Done(key=job.key, failure="grader", said=(words,) if words else ())

    def _try_again(self, job: Job) -> bool:
        self._attempts[job.key] = self._attempts.get(job.key, 1) + 1
        if self._attempts[job.key] > ATTEMPTS:
            return False
        self._retries.append(job)
        return True

    def _hire(self) -> _Checker:
        ours, theirs = socket.socketpair()
        with theirs, contextlib.ExitStack() as undo:
            undo.callback(ours.close)
            process = self._fork(theirs.fileno())
            undo.pop_all()
        checker = _Checker(Channel(ours), process)
        with contextlib.suppress(OSError):
            checker.channel.send(0, Kind.ASK, msgspec.msgpack.encode(self._setup))
        self._checkers.append(checker)
        return checker

    def _fork(self, connection: int) -> int:
        """A checker's process. A nursery that has ended, as where memory is short, is followed by another."""
        while True:
            try:
                return self._nursery.fork(connection)
            except InternalError:
                if self._nurseries == NURSERIES:
                    raise
            self._nurseries += 1
            self._nursery.close()
            self._nursery = Nursery().begin(self._setup)

    def _dismiss(self, checker: _Checker) -> None:
        self._checkers.remove(checker)
        checker.channel.close()
        # Its warm process sees its control socket closed, and ends with its subjects; a warden clears up after them.
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(checker.process, signal.SIGKILL)
        os.close(checker.process)


def _clear_up_after(processes: list[int]) -> None:
    """Remove the folders of checkers that were killed before they had a warm process, whose warden would do so."""
    for process in processes:
        select.select([process], [], [], _ENDING_SECONDS)
        os.close(process)
    folders.remove_stale()
