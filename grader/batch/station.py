"""A worker's side of a cluster: a job as bytes, graded by checkers that stay warm for the next one.

Each thread of a worker has checkers of its own, for one batch's settings at a time; they end with the worker.
"""

from __future__ import annotations

import contextlib
import io
import os
import platform
import queue
import threading
import zipfile
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path

import msgspec

from grader.course import builtin_folder
from grader.errors import GraderError, UsageError
from grader.gradebook import installed_versions
from grader.language import Translator, _
from grader.records import Record
from grader.sandbox.folders import OwnedFolder
from grader.workers.beginning import Nursery
from grader.workers.crew import Crew
from grader.workers.jobs import Done, Failure, Job, Setup

_HERE = threading.local()


class RemoteSetup(Record, frozen=True, kw_only=True):
    """What a worker is told with each job. `course_sha256` tells apart what is graded by other courses."""

    setup: Setup
    course_sha256: str
    versions: dict[str, str | None]


def require_versions(theirs: Mapping[str, str | None], ours: Mapping[str, str | None], worker: str) -> None:
    """Raises UsageError where a version that a score depends on is not the same at `worker` as here."""
    different = [name for name in ours if theirs.get(name) != ours[name]]
    if different:
        raise UsageError(
            _(
                "The worker at {worker} has {package} {theirs}, and here it is {ours}: the same submission "
                "could get other points there. Install the same versions.",
                worker=worker,
                package=different[0],
                theirs=str(theirs.get(different[0])),
                ours=str(ours[different[0]]),
            )
        )


def grade_job(remote: bytes, course: bytes | None, job: bytes) -> bytes:
    """Grade one job on a worker; everything is msgpack, and the answer a `Done`. Raises nothing of a job's."""
    station = _station(remote, course)
    return station.grade(msgspec.msgpack.decode(job, type=Job))


def _station(remote: bytes, course: bytes | None) -> Station:
    """This thread's checkers for just these settings; those for others are ended."""
    held: Station | None = getattr(_HERE, "station", None)
    if held is not None and held.remote == remote and held.alive:
        return held
    dismiss_station()
    station = _HERE.station = Station(remote, course)
    return station


def dismiss_station() -> None:
    """End this thread's checkers, if it has any."""
    held: Station | None = getattr(_HERE, "station", None)
    _HERE.station = None
    if held is not None:
        held.close()


class Station:
    """The checkers of a worker's thread, in a thread that stays: they die with the one that began them."""

    def __init__(self, remote: bytes, course: bytes | None) -> None:
        self.remote = remote
        self._course = course
        self._jobs: queue.SimpleQueue[tuple[Job, Future[bytes]] | None] = queue.SimpleQueue()
        self._crew: Crew | None = None
        self._opened = contextlib.ExitStack()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it still takes jobs."""
        return self._thread.is_alive()

    def grade(self, job: Job) -> bytes:
        """What comes of `job`, when it is done."""
        answer: Future[bytes] = Future()
        self._jobs.put((job, answer))
        return answer.result()

    def close(self) -> None:
        """End the checkers."""
        self._jobs.put(None)
        self._thread.join()

    def _serve(self) -> None:
        try:
            while (given := self._jobs.get()) is not None:
                job, answer = given
                try:
                    answer.set_result(msgspec.msgpack.encode(self._done(job)))
                except BaseException as error:  # noqa: BLE001 - whoever waits for it must not wait for ever
                    answer.set_exception(error)
        finally:
            self._dismiss()

    def _done(self, job: Job) -> Done:
        """What comes of `job`. Raises no Exception: the batch is told, and knows what to do."""
        try:
            return next(iter(self._hired().results([job])))
        except Exception as error:  # noqa: BLE001 - told to the batch
            self._dismiss()  # the next job gets other checkers
            message = error.message if isinstance(error, GraderError) else f"{type(error).__name__}: {error}"
            kind: Failure = "usage" if isinstance(error, UsageError) else "grader"
            return Done(key=job.key, failure=kind, reason=Translator.english().render(message))

    def _hired(self) -> Crew:
        if self._crew is None:
            folder = self._opened.enter_context(contextlib.closing(OwnedFolder()))
            setup = self._setup(Path(folder.path))
            self._crew = self._opened.enter_context(contextlib.closing(Crew(setup, 1, Nursery().begin(setup))))
        return self._crew

    def _dismiss(self) -> None:
        self._crew = None
        self._opened.close()

    def _setup(self, folder: Path) -> Setup:
        remote = msgspec.msgpack.decode(self.remote, type=RemoteSetup)
        # A worker that came later was not there when the versions were compared.
        require_versions(installed_versions(), remote.versions, platform.node())
        if self._course is None:
            place = builtin_folder()
        else:
            with zipfile.ZipFile(io.BytesIO(self._course)) as archive:
                archive.extractall(folder)
            place = folder
        return msgspec.structs.replace(remote.setup, course=str(place), environment=dict(os.environ))
