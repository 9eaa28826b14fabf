"""The same batch on the workers of a Dask scheduler, which need neither this machine's files nor its network.

Submissions, the course and reports travel as bytes. Each thread of a worker has checkers of its own, which stay warm
for the next job and the next batch, and end with the worker. Needs the extra `cluster`.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import io
import os
import platform
import queue
import re
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future as LocalFuture
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.course import builtin_folder
from grader.errors import GraderError, UsageError
from grader.gradebook import installed_versions
from grader.language import Translator, _
from grader.records import Record
from grader.sandbox.folders import OwnedFolder
from grader.workers.beginning import Nursery
from grader.workers.crew import Crew
from grader.workers.hiring import Hire
from grader.workers.jobs import Done, Failure, Job, Setup

COURSE_BYTES: Final = 256 * 1024**2
_ADDRESS: Final = re.compile(r"^(?:[a-z]+://)?\S+:\d{1,5}$")
_CONNECT_SECONDS: Final = 10
_COUNTED_SECONDS: Final = 5.0
"""after which the workers are counted again"""
_WAITING_EACH: Final = 2
"""Jobs of a thread that are at the scheduler at a time: one that runs, and the next."""
_LEFT_OUT: Final = frozenset({"__pycache__", "node_modules", "venv"})


class RemoteSetup(Record, frozen=True, kw_only=True):
    """What a worker is told with each job. `course` is a zip archive, or None for the course of the worker's grader."""

    setup: Setup
    course_sha256: str
    versions: dict[str, str | None]


def on_cluster(address: str) -> Hire:
    """The workers of the Dask scheduler at `address`, such as `tcp://10.0.0.1:8786`.

    Raises UsageError where it is no address, or the extra is not installed; when hired, where the scheduler does not
    answer, has no worker, or a worker has other versions than this machine.
    """
    if not _ADDRESS.search(address):
        raise UsageError(
            _("{address} is no address of a scheduler. Write it like tcp://10.0.0.1:8786.", address=address)
        )
    try:
        importlib.import_module("distributed")
    except ImportError:
        raise UsageError(
            _("A cluster needs Dask: `pip install {package}`, here and on its workers.", package='"grader[cluster]"')
        ) from None
    return lambda setup: Cluster(address, setup)


class Cluster:
    """A scheduler's workers. Call `close` at the end."""

    def __init__(self, address: str, setup: Setup) -> None:
        distributed: Any = importlib.import_module("distributed")
        try:
            self._client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise UsageError(
                _("The scheduler at {address} does not answer: {reason}.", address=address, reason=str(error))
            ) from error
        try:
            self._threads: int = sum(self._client.nthreads().values())
            self._counted = time.monotonic()
            if not self._threads:
                raise UsageError(
                    _(
                        "The scheduler at {address} has no workers. Start some: `dask worker {address}`.",
                        address=address,
                    )
                )
            folder = Path(setup.course)
            course = None if folder == builtin_folder() else pack_course(folder)
            # An environment may hold secrets: a worker's checkers have the worker's own.
            own = msgspec.structs.replace(setup, course="", environment={})
            self._remote = msgspec.msgpack.encode(
                RemoteSetup(
                    setup=own,
                    course_sha256="" if course is None else hashlib.sha256(course).hexdigest(),
                    versions=installed_versions(),
                )
            )
            self._course = None if course is None else self._client.scatter(course, broadcast=True, hash=True)
            self._compare_versions()
        except BaseException:
            self._client.close()
            raise

    def close(self) -> None:
        """Leave the scheduler; what is under way there is forgotten. A second call does nothing."""
        self._client.close()

    def results(self, jobs: Iterable[Job], started: Callable[[Job], None]) -> Iterator[Done]:
        """What comes of each job, in the order in which they end. A worker that is lost costs what it was doing."""
        distributed: Any = importlib.import_module("distributed")
        waiting = iter(jobs)
        keys: dict[Any, str] = {}
        ended = distributed.as_completed(loop=self._client.loop)

        def fill() -> None:
            while len(keys) < self._most():
                job = next(waiting, None)
                if job is None:
                    return
                started(job)
                packed = msgspec.msgpack.encode(job)
                # Not pure: the same bytes may be graded again on purpose.
                future = self._client.submit(grade_job, self._remote, self._course, packed, pure=False)
                keys[future.key] = job.key
                ended.add(future)

        fill()
        for future in ended:
            key = keys.pop(future.key)
            fill()
            try:
                done = msgspec.msgpack.decode(future.result(), type=Done)
            except Exception as error:  # noqa: BLE001 - whatever became of a worker, the others go on
                done = Done(key=key, failure="grader", reason=f"{type(error).__name__}: {error}")
            future.release()
            yield done

    def _most(self) -> int:
        """How many jobs may be at the scheduler: workers come when a queue lets them, and go."""
        if time.monotonic() - self._counted > _COUNTED_SECONDS:
            self._threads = sum(self._client.nthreads().values()) or self._threads
            self._counted = time.monotonic()
        return self._threads * _WAITING_EACH

    def _compare_versions(self) -> None:
        try:
            others: dict[str, dict[str, str | None]] = self._client.run(installed_versions)
        except Exception as error:
            raise UsageError(
                _("The cluster's workers have no grader like this one's: {reason}.", reason=str(error))
            ) from error
        for worker, versions in sorted(others.items()):
            _require_versions(versions, installed_versions(), worker)


def _require_versions(theirs: Mapping[str, str | None], ours: Mapping[str, str | None], worker: str) -> None:
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


def pack_course(folder: Path) -> bytes:
    """The course's files as a zip archive, the same for the same files. Raises UsageError for more than a course is."""
    packed, size = io.BytesIO(), 0
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            parts = file.relative_to(folder).parts
            if not file.is_file() or any(part.startswith(".") or part in _LEFT_OUT for part in parts):
                continue
            size += file.stat().st_size
            if size > COURSE_BYTES:
                raise UsageError(
                    _(
                        "The course in {folder} has more than {most} MB, too much to send to workers. Keep what is no "
                        "part of it elsewhere.",
                        folder=str(folder),
                        most=COURSE_BYTES // 1024**2,
                    )
                )
            archive.writestr(zipfile.ZipInfo("/".join(parts)), file.read_bytes())
    return packed.getvalue()


def grade_job(remote: bytes, course: bytes | None, job: bytes) -> bytes:
    """Grade one job on a worker; everything is msgpack, and the answer a `Done`. Raises nothing of a job's."""
    station = _station(remote, course)
    return station.grade(msgspec.msgpack.decode(job, type=Job))


_HERE = threading.local()


def _station(remote: bytes, course: bytes | None) -> _Station:
    """This thread's checkers for just these settings; those for others are ended."""
    held: _Station | None = getattr(_HERE, "station", None)
    if held is not None and held.remote == remote and held.alive:
        return held
    if held is not None:
        held.close()
    _HERE.station = _Station(remote, course)
    station: _Station = _HERE.station
    return station


class _Station:
    """The checkers of a worker's thread, in a thread that stays: they die with the one that began them."""

    def __init__(self, remote: bytes, course: bytes | None) -> None:
        self.remote = remote
        self._course = course
        self._jobs: queue.SimpleQueue[tuple[Job, LocalFuture[bytes]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it still takes jobs."""
        return self._thread.is_alive()

    def grade(self, job: Job) -> bytes:
        """What comes of `job`, when it is done."""
        answer: LocalFuture[bytes] = LocalFuture()
        self._jobs.put((job, answer))
        return answer.result()

    def close(self) -> None:
        """End the checkers."""
        self._jobs.put(None)
        self._thread.join()

    def _serve(self) -> None:
        with contextlib.closing(OwnedFolder()) as folder, contextlib.ExitStack() as opened:
            crew: Crew | None = None
            while (given := self._jobs.get()) is not None:
                job, answer = given
                try:
                    if crew is None:
                        setup = self._setup(Path(folder.path))
                        crew = opened.enter_context(contextlib.closing(Crew(setup, 1, Nursery().begin(setup))))
                    done = next(iter(crew.results([job])))
                except Exception as error:  # noqa: BLE001 - told to the batch, which knows what to do
                    message = error.message if isinstance(error, GraderError) else f"{type(error).__name__}: {error}"
                    kind: Failure = "usage" if isinstance(error, UsageError) else "grader"
                    done = Done(key=job.key, failure=kind, reason=Translator.english().render(message))
                answer.set_result(msgspec.msgpack.encode(done))

    def _setup(self, folder: Path) -> Setup:
        remote = msgspec.msgpack.decode(self.remote, type=RemoteSetup)
        # A worker that came later was not there when the versions were compared.
        _require_versions(installed_versions(), remote.versions, platform.node())
        if self._course is None:
            place = builtin_folder()
        else:
            with zipfile.ZipFile(io.BytesIO(self._course)) as archive:
                archive.extractall(folder)
            place = folder
        return msgspec.structs.replace(remote.setup, course=str(place), environment=dict(os.environ))
