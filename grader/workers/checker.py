"""A checker: the trusted process that grades one job after another, with a warm process of its own.

It speaks frames with the batch: `Setup` comes first, then a `Job` at a time, each answered by a `Done`.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import socket
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.errors import ConfinementError, GraderError, SubmissionError, UsageError
from grader.language import Text
from grader.protocol.frames import Channel, Closed, Kind
from grader.records import Report, SandboxMode, SubmissionFacts
from grader.sandbox.folders import OwnedFolder
from grader.sandbox.importing import collect_seldom
from grader.sandbox.launcher import Launcher, choose_launcher
from grader.workers.asking import asking_launcher
from grader.workers.jobs import MESSAGE_BYTES, Done, Failure, Job, Setup

_NEEDED: Final = ("grader.checking.plugin", "grader.checking.sessions", "grader.grading.running", "numpy.random", "pdb")
"""The last is what pytest imports when it is set up."""
_NOWHERE: Final = Path(os.devnull)
"""Where a submission is said to be that has nothing beside it: below a file, where nobody can put anything."""
_WARM: Final = 3
"""The number of the job with which everything is imported that jobs need."""
_KEPT: Final = ("TF_", "CUDA_", "KERAS_", "OMP_", "OPENBLAS_", "MPL", "PYTHON")
"""Beginnings of the variables that were set before TensorFlow was imported, and stay."""


def live(
    connection: socket.socket, nursery: socket.socket, configuration: dict[str, Any], *, asks_at_once: bool
) -> None:
    """Answer jobs until the batch closes the connection, with a warm process of `nursery` for those that need one.

    Where the nursery can fork it now, as `asks_at_once` says, it is made ready while this process still imports.
    """
    collect_seldom()
    imports = tuple(configuration["imports"])
    launch = _Launchers(nursery, imports)
    if asks_at_once:
        launch(configuration["sandbox"], imports)
    with contextlib.suppress(Closed):
        _answer(Channel(connection), launch)


def make_ready() -> None:
    """Import what the first run would import, pytest included, which the nursery is not to know."""
    for name in _NEEDED:
        importlib.import_module(name)


class _Launchers:
    """One launcher over the nursery for whatever that has imported, and others for what it has not.

    It is made when a job first needs it: a batch may end before the nursery has forked anything, and then nobody would
    remove its folder.
    """

    def __init__(self, nursery: socket.socket, imports: tuple[str, ...]) -> None:
        self._nursery = nursery
        self._imports = imports
        self._held: Launcher | None = None

    def __call__(self, mode: SandboxMode, names: tuple[str, ...]) -> Launcher:
        if not set(names) <= set(self._imports):
            return choose_launcher(mode, names)
        if self._held is None or not self._held.usable:
            self._held = asking_launcher(self._nursery, self._imports, mode)
        return self._held


def _answer(channel: Channel, launch: _Launchers) -> None:
    setup = msgspec.msgpack.decode(channel.receive(limit=MESSAGE_BYTES).payload, type=Setup)
    for name in [name for name in os.environ if not name.startswith(_KEPT)]:
        del os.environ[name]
    os.environ.update({name: value for name, value in setup.environment.items() if not name.startswith(_KEPT)})
    grading = Grading(setup, launch)
    try:
        while True:
            frame = channel.receive(limit=MESSAGE_BYTES)
            job = msgspec.msgpack.decode(frame.payload, type=Job)
            channel.send(frame.number, Kind.ANSWER, msgspec.msgpack.encode(grading.grade(job)))
            if frame.number == _WARM:
                gc.freeze()  # what is imported by now stays, and need not be looked through again and again
    finally:
        grading.close()


class Grading:
    """One session for many jobs."""

    def __init__(self, setup: Setup, launch: _Launchers) -> None:
        from grader.course import read_course  # noqa: PLC0415 - not before it is needed: see `make_ready`
        from grader.grading import GradingOptions, Session  # noqa: PLC0415 - likewise

        self._said: list[str] = []
        options = GradingOptions(language=setup.language, sandbox=setup.sandbox, time_limit=setup.time_limit)
        self._session = Session(read_course(Path(setup.course)), options, failed=self._note, launch=launch)

    def close(self) -> None:
        """End the session's processes."""
        self._session.close()

    def grade(self, job: Job) -> Done:
        """What comes of one job. Raises nothing that a submission or the machine can bring about."""
        self._said.clear()
        kinds: tuple[tuple[type[Exception], Failure], ...] = (
            (SubmissionError, "submission"),
            (UsageError, "usage"),
            (ConfinementError, "confinement"),
        )
        try:
            report = _encoded(self._report(job))
        except Exception as error:  # noqa: BLE001 - one job must not end the others
            kind: Failure = next((name for of, name in kinds if isinstance(error, of)), "grader")
            message = error.message if isinstance(error, GraderError) else f"{type(error).__name__}: {error}"
            return Done(key=job.key, failure=kind, reason=self._session.translator.render(message))
        return Done(key=job.key, report=report, said=tuple(self._said))

    def _report(self, job: Job) -> Report:
        exercise = self._session.course.exercise(job.exercise)
        with contextlib.ExitStack() as written:
            folder = _NOWHERE
            if job.source.helpers:
                folder = Path(written.enter_context(contextlib.closing(OwnedFolder())).path)
            for helper, content in job.source.helpers.items():
                (folder / helper).write_bytes(content)
            report = self._session.grade(exercise, folder / job.source.name, content=job.source.content)
        facts = SubmissionFacts(path=job.path, sha256=report.submission.sha256)
        return msgspec.structs.replace(report, submission=facts)

    def _note(self, error: Text) -> None:
        self._said.append(self._session.translator.render(error))


def _encoded(report: Report) -> bytes:
    """`report` as JSON; what UTF-8 cannot hold of a submission's texts is written out."""
    try:
        return msgspec.json.encode(report)
    except UnicodeEncodeError:
        from grader.report import render_json  # noqa: PLC0415 - hardly ever

        return render_json(report).encode()
