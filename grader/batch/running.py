"""Running a batch: jobs out, reports in, each kept at once, whatever happens to the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from grader.batch.keeping import Keeper
from grader.batch.preparing import Plan, Task
from grader.cohort.records import Handed, Problem
from grader.cohort.sources import read_source, unread
from grader.errors import ConfinementError, SubmissionError, UsageError
from grader.language import Text, _
from grader.records import Report, Verdict
from grader.workers.hiring import Workers
from grader.workers.jobs import Done, Job
from grader.workers.settings import Settings


class Observer(Protocol):
    """Whoever shows how far a batch is."""

    def began(self, count: int) -> None:
        """So many submissions will be graded."""

    def started(self, path: str) -> None:
        """This one is being graded now."""

    def ended(self, path: str, count: int) -> None:
        """It is not any more; `count` submissions are done by it, since equal ones are graded once."""

    def said(self, path: str, sentence: str) -> None:
        """Something about the grader's own errors with this submission."""


@dataclass
class Ended:
    """How a batch ended. `failures` are submissions at which the grader failed."""

    graded: list[tuple[Handed, Verdict]] = field(default_factory=list)
    same: int = 0
    """how many of them were equal to another, and not graded by themselves"""
    unreadable: list[Problem] = field(default_factory=list)
    failures: list[Problem] = field(default_factory=list)
    interrupted: bool = False


def run_batch(
    plan: Plan, settings: Settings, ended: Ended, *, workers: Workers, keeper: Keeper, observer: Observer
) -> None:
    """Grade everything of `plan`, keep each report as soon as it is there, and note it in `ended`.

    `workers` are closed in the end, and what is done stays done, whatever is raised: KeyboardInterrupt; UsageError when
    the course, the gradebook or OUT cannot be used; ConfinementError when submissions cannot be confined as was asked
    for; InternalError when no process that grades can be had.
    """
    batch = _Batch(plan, settings, keeper, observer, ended)
    observer.began(plan.count)
    try:
        for done in workers.results(batch.jobs(), lambda job: observer.started(job.path)):
            if not batch.take(done):
                break
    finally:
        workers.close()


class _Batch:
    """The tasks that are under way, by the key of their job."""

    def __init__(self, plan: Plan, settings: Settings, keeper: Keeper, observer: Observer, ended: Ended) -> None:
        self._plan = plan
        self._settings = settings
        self._keeper = keeper
        self._observer = observer
        self._ended = ended
        self._under_way: dict[str, Task] = {}

    def jobs(self) -> Iterator[Job]:
        """A job for each task, its submission read when it is asked for."""
        for number, task in enumerate(self._plan.tasks):
            first = task.handed[0]
            try:
                source = read_source(first)
                if source.digest() != task.digest:
                    raise SubmissionError(_("It has changed while the batch was running. Give the same command again."))
            except SubmissionError as error:
                self._ended.unreadable += [unread(handed, error) for handed in task.handed]
                self._observer.ended(first.path, len(task.handed))
                continue
            key = str(number)
            self._under_way[key] = task
            yield Job(key=key, exercise=task.exercise, path=first.path, source=source)

    def take(self, done: Done) -> bool:
        """Keep what came of a job; whether the batch is to go on."""
        task = self._under_way.pop(done.key)
        path = task.handed[0].path
        for sentence in done.said:
            self._observer.said(path, sentence)
        if done.report is not None:
            fine = self._keep(task, msgspec.json.decode(done.report, type=Report))
        else:
            self._refuse(task, done)
            fine = done.failure == "submission"
        self._observer.ended(path, len(task.handed))
        return fine or not self._settings.fail_fast

    def _keep(self, task: Task, report: Report) -> bool:
        for handed in task.handed:
            self._keeper.keep(handed, report, fingerprint=task.fingerprint, identity=task.identity)
        if report.verdict is Verdict.UNGRADED:
            self._ended.failures += _problems(task, _("The grader itself failed; the report says where."))
            return False
        self._ended.graded += [(handed, report.verdict) for handed in task.handed]
        self._ended.same += len(task.handed) - 1
        return True

    def _refuse(self, task: Task, done: Done) -> None:
        """Note why there is no report; raise what concerns every other submission as well."""
        if done.failure == "usage":
            raise UsageError(done.reason)
        if done.failure == "confinement":
            raise ConfinementError(done.reason)
        reason: Text | str = done.reason or _("The process that graded it was lost.")
        told = self._ended.unreadable if done.failure == "submission" else self._ended.failures
        told += _problems(task, reason)


def _problems(task: Task, reason: Text | str) -> list[Problem]:
    return [Problem(path=one.path, reason=reason, student=one.student.id, exercise=one.exercise) for one in task.handed]
