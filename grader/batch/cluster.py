"""The same batch on the workers of a Dask scheduler, which need neither this machine's files nor its network.

Submissions, the course and reports travel as bytes. Needs the extra `cluster`.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import re
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.batch.station import RemoteSetup, grade_job, require_versions
from grader.course import builtin_folder
from grader.errors import UsageError
from grader.gradebook import installed_versions
from grader.language import _
from grader.workers.hiring import Hire
from grader.workers.jobs import Done, Job, Setup

COURSE_BYTES: Final = 256 * 1024**2
_ADDRESS: Final = re.compile(r"^(?:[a-z]+://)?\S+:\d{1,5}$")
_CONNECT_SECONDS: Final = 10
_COUNTED_SECONDS: Final = 5.0
"""after which the workers are counted again"""
_LOOK_SECONDS: Final = 0.02
_WAITING_EACH: Final = 2
"""Jobs of a thread that are at the scheduler at a time: one that runs, and the next."""
_LEFT_OUT: Final = frozenset({"__pycache__", "node_modules", "venv"})


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
        while keys:
            if not ended.has_ready():
                time.sleep(_LOOK_SECONDS)
                fill()  # workers may have come
                continue
            future = next(ended)
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
            require_versions(versions, installed_versions(), worker)


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
