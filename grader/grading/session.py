"""Grading one submission after another with the processes that they can share."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from grader.course import Course, Exercise
from grader.grading.assembling import Run, assemble
from grader.grading.states import States, states_of
from grader.grading.strangers import refuse_stranger
from grader.language import PROGRAM_CATALOGS, Text, Translator
from grader.records import Record, Report, SandboxFacts, SandboxLevel, SandboxMode, Usage
from grader.submission import Submission, find_submission, read_submission

if TYPE_CHECKING:
    from grader.checking.calls import Question
    from grader.sandbox.launcher import Launcher

Progress = Callable[[Text], None]
_NOTHING_USED: Final = Usage(wall_seconds=0.0, cpu_seconds=0.0, peak_memory_bytes=0)
_NOT_RUN: Final = SandboxFacts(level=SandboxLevel.FULL, layers=("not_executed",))
"""A submission that was only read is as confined as can be."""


class GradingOptions(Record, frozen=True, kw_only=True):
    """What the caller wants. `time_limit` is seconds for each call; `folders` are where submissions are looked for."""

    language: str = "en"
    sandbox: SandboxMode = "auto"
    time_limit: float | None = None
    folders: tuple[Path, ...] = ()


class Trial(Record, frozen=True, kw_only=True):
    """How a course is tried out: the checks in another order, models trained with another seed, questions overheard."""

    shuffle: int | None = None
    training_seed: int | None = None
    heard: Callable[[Question], None] | None = None


NO_TRIAL: Final = Trial()


def grade_submission(
    course: Course, exercise: Exercise, path: Path | None, *, options: GradingOptions, progress: Progress
) -> Report:
    """The report of one submission. Raises UsageError or InternalError; a fault of the submission is in the report."""
    with Session(course, options, progress) as session:
        return session.grade(exercise, path, is_named=True)


class Session:
    """Many runs of one course; warm processes stay for the next run that can use them.

    `failed` is told of the grader's own errors in checks, in place of `progress`.
    `launch` is for a caller that has warm processes of its own: it gives a launcher for a mode and names to import.
    """

    def __init__(
        self,
        course: Course,
        options: GradingOptions,
        progress: Progress = lambda _text: None,
        *,
        failed: Callable[[Text], None] | None = None,
        launch: Callable[..., Launcher] | None = None,
    ) -> None:
        self._failed = failed
        self._launch = launch
        self.course = course
        self.options = options
        self.progress = progress
        self.translator = Translator(options.language, (PROGRAM_CATALOGS, *course.catalogs))
        self._rooms: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def folder(self) -> Path | None:
        """A folder of this user's alone that is there as long as a warm process; None while there is none."""
        folder = None if self._rooms is None else self._rooms.folder
        return None if folder is None else Path(folder)

    def close(self) -> None:
        """End every process that this session has started."""
        if self._rooms is not None:
            self._rooms.close()
            self._rooms = None

    def grade(
        self,
        exercise: Exercise,
        path: Path | None = None,
        *,
        is_named: bool = False,
        content: bytes | None = None,
        folders: tuple[Path, ...] = (),
        live: bool = False,
        translator: Translator | None = None,
        trial: Trial = NO_TRIAL,
    ) -> Report:
        """The report of the submission at `path`, or of the one found in the options' folders.

        `is_named` means that somebody asked for just this exercise: a file for another one is then refused. `content`
        are the file's bytes where they are not on disk; `path` then only names the file, and its suffix says what they
        are. `folders` are where it is looked for, in place of the options'. `live` is for a
        notebook that is being worked on. `translator` is for a report in another language than the options', `trial`
        for whoever verifies a course.

        Raises UsageError when there is no submission or it cannot be read, and InternalError when the grader fails.
        """
        started = time.monotonic()
        if content is None:
            found, found_notes = find_submission(path, stem=exercise.stem, folders=folders or self._folders(exercise))
        elif path is None:
            raise ValueError("content needs a path: its suffix says what the bytes are")
        else:
            found, found_notes = path, ()
        submission = read_submission(found, functions=exercise.functions, content=content)
        if is_named:
            refuse_stranger(self.course, exercise, submission, found)
        states = states_of(submission)
        if set(states) == set(exercise.functions):
            run = self._unasked(exercise, states)
        else:
            run = self._asked(exercise, submission, states, trial)
        return assemble(
            exercise,
            submission,
            run,
            translator=translator or self.translator,
            notes=found_notes,
            seconds=time.monotonic() - started,
            live=live,
            classes={} if self.course.dataset is None else self.course.dataset.classes,
        )

    def _folders(self, exercise: Exercise) -> tuple[Path, ...]:
        if self.options.folders:
            return self.options.folders
        here = Path.cwd()
        own = (exercise.folder,) if here.is_relative_to(self.course.folder) else ()
        return (*own, here / "exercises" / exercise.id, here / "exercises", here / exercise.id, here)

    def _unasked(self, exercise: Exercise, states: States) -> Run:
        """The checks of a submission of which no function can be asked: told without running anything."""
        from grader.checking import collect_checks, unasked_checks  # noqa: PLC0415 - imports NumPy

        checks = unasked_checks(collect_checks(exercise.checks), states)
        return Run(checks=checks, usage=_NOTHING_USED, sandbox=_NOT_RUN)

    def _asked(self, exercise: Exercise, submission: Submission, states: States, trial: Trial) -> Run:
        rooms = self._shared_rooms()
        run: Run = rooms.run(
            exercise,
            submission,
            states,
            exercise.limits_with(self.options.time_limit),
            shuffle=trial.shuffle,
            training_seed=trial.training_seed,
            heard=trial.heard,
        )
        return run

    def _shared_rooms(self) -> Any:
        from grader.grading.running import Rooms  # noqa: PLC0415 - imports the sandbox and pytest

        if self._rooms is None:
            ways = () if self._launch is None else (self._launch,)
            self._rooms = Rooms(self.course, self.options.sandbox, self._tell, self._failed or self._tell, *ways)
        return self._rooms

    def _tell(self, step: Text) -> None:
        self.progress(step)  # as it is now: a caller may set another for each run
