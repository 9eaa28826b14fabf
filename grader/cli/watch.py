"""`grade watch EXERCISE [PATH]`: grades again on every save."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.cli.courses import open_course, submission_folders
from grader.cli.failures import Exit, one_line
from grader.cli.helping import Command, option
from grader.cli.keeping import keep_page, keep_report
from grader.cli.progress import Progress
from grader.cli.settings import (
    PathType,
    color_option,
    course_option,
    language_option,
    sandbox_option,
    time_limit_option,
)
from grader.cli.streams import View, view_for, write_text
from grader.cli.watch_events import Events, Key
from grader.cli.watch_hosting import Hosting
from grader.cli.watch_keys import QUIT
from grader.course import Course, Exercise, in_language
from grader.errors import GraderError, InternalError, SubmissionError
from grader.language import Text, Translator, _
from grader.records import SANDBOX_MODES, Report, SandboxMode, Verdict
from grader.sharing import Visit, host_key
from grader.submission import SUFFIXES

if TYPE_CHECKING:
    from grader.grading import Session

_KEYS: Final[dict[str, Text]] = {
    "n": _("next exercise"),
    "h": _("hint"),
    "t": _("task"),
    "l": _("list"),
    "o": _("open in a browser"),
    "r": _("run again"),
    "q": _("quit"),
}


@click.command(
    cls=Command,
    usage="watch EXERCISE [PATH] [OPTIONS]",
    about=_(
        "Grade the submission for EXERCISE, and again whenever it is saved; only what changed is shown then. Keys: n "
        "next exercise, h hint, t task, l list, o open the report in a browser, r run again, q quit."
    ),
)
@click.argument("exercise")
@click.argument("path", required=False, type=PathType())
@option("--poll", is_flag=True, about=_("Look for saves again and again, for folders on a network that tell of none."))
@sandbox_option("auto")
@time_limit_option
@course_option
@language_option
@color_option
def command(
    *,
    exercise: str,
    path: Path | None,
    poll: bool,
    sandbox: str,
    time_limit: float | None,
    course: Path | None,
    lang: str | None,
    no_color: bool,
) -> int:
    """Watch one exercise."""
    opened, translator = open_course(course, lang)
    asked = opened.exercise(exercise)
    view = view_for(translator, environment=os.environ, no_color=no_color)
    colored = not (no_color or os.environ.get("NO_COLOR"))
    watcher = Watcher(
        opened, asked, path, view, sandbox=SANDBOX_MODES[sandbox], named=course is not None, colored=colored
    )
    return watcher.run(poll=poll, time_limit=time_limit)


class Watcher:
    """One watching: the exercise that it is at, the last report on it, and how to show what comes."""

    def __init__(
        self,
        course: Course,
        exercise: Exercise,
        path: Path | None,
        view: View,
        *,
        sandbox: SandboxMode,
        named: bool,
        colored: bool,
    ) -> None:
        self._course = course
        self._exercise = exercise
        self._path = path
        self._view = view
        self._sandbox: SandboxMode = sandbox
        self._named = named
        self._colored = colored
        self._last: dict[str, Report] = {}
        self._is_told = False
        """Whether what stands last on the screen is of the last report, and no word about a file that is missing."""

    @property
    def _translator(self) -> Translator:
        return self._view.translator

    def run(self, *, poll: bool, time_limit: float | None) -> int:
        """Grade now and on every save, until q, Ctrl-C or the end of the terminal; the exit code of the last run."""
        from grader.grading import GradingOptions, Session  # noqa: PLC0415 - help does not wait for it

        options = GradingOptions(
            language=self._translator.language,
            sandbox=self._sandbox,
            time_limit=time_limit,
        )
        progress = Progress(self._translator, color=self._colored, verbose=False)
        key = host_key(self._course, sandbox=self._sandbox, time_limit=time_limit)
        with (
            Session(self._course, options, progress) as session,
            Events(self._folders(), polling=poll) as events,
            Hosting(session, events, key) as hosting,
        ):
            actions = self._actions(session, progress)
            self._grade(session, events, progress)
            self._show_keys(events)
            while True:
                hosting.open()
                event = events.next()
                if isinstance(event, Visit):
                    hosting.serve(event)
                elif not isinstance(event, Key):
                    if self._grade(session, events, progress):
                        self._show_keys(events)
                elif event.name == QUIT:
                    return self._code()
                else:
                    if event.name in actions:
                        self._guarded(actions[event.name])
                    self._show_keys(events)

    def _actions(self, session: Session, progress: Progress) -> dict[str, Callable[[], object]]:
        return {
            "n": lambda: self._go_on(session, progress),
            "h": self._hint,
            "t": self._task,
            "l": self._list,
            "o": self._open,
            "r": lambda: self._grade(session, None, progress, again=True),
        }

    def _places(self, exercises: tuple[Exercise, ...]) -> tuple[Path, ...]:
        root = self._path if self._path is not None and self._path.is_dir() else Path()
        return submission_folders(self._course, exercises, root, named=self._named)

    def _folders(self) -> list[Path]:
        """The folders in which a save may concern an exercise, whether they are there yet or not."""
        if self._path is not None and not self._path.is_dir():
            return [self._path.absolute().parent]
        return list(dict.fromkeys(folder.absolute() for folder in self._places(self._course.exercises)))

    def _grade(self, session: Session, events: Events | None, progress: Progress, *, again: bool = False) -> bool:
        """Grade, once more where the file was saved meanwhile, and show what is new; whether anything was."""
        while True:
            try:
                with progress:
                    folders = self._places((self._exercise,))
                    report = session.grade(self._exercise, self._path, folders=folders, is_named=True)
            except SubmissionError as error:
                self._say(error.message if self._is_there() else self._waiting())
                self._is_told = False
                return True
            except GraderError as error:
                if not self._last:
                    raise
                if isinstance(error, InternalError):
                    session.close()  # the next run begins with a fresh warm process
                self._say(error.message)
                self._is_told = False
                return True
            if events is None or not events.saved_meanwhile():
                return self._show(report, again=again)

    def _is_there(self) -> bool:
        """Whether there is anything that could be graded, readable or not."""
        if self._path is not None:
            return os.path.lexists(self._path)
        places = self._places((self._exercise,))
        return any(os.path.lexists(folder / name) for folder in places for name in self._names())

    def _names(self) -> tuple[str, ...]:
        return tuple(f"{self._exercise.stem}{suffix}" for suffix in SUFFIXES)

    def _waiting(self) -> Text:
        if self._path is not None:
            return _("There is no {file} yet. It is graded as soon as it is saved.", file=str(self._path))
        module, notebook = self._names()
        return _(
            "There is no {module} or {notebook} yet. It is graded as soon as it is saved.",
            module=module,
            notebook=notebook,
        )

    def _show(self, report: Report, *, again: bool) -> bool:
        """Show what is new about the exercise; whether anything is."""
        from grader.grading import as_shown  # noqa: PLC0415 - help does not wait for it
        from grader.report import render_changes, render_text  # noqa: PLC0415 - likewise

        report = as_shown(report, self._course.showing, datetime.now(UTC), self._translator)
        before = self._last.get(report.exercise)
        if before is not None and before.submission == report.submission and self._is_told and not again:
            return False  # a save that changed nothing
        self._last[report.exercise] = report
        self._is_told = True
        keep_report(self._course, report)
        view = self._view
        shape = {"width": view.width, "color": view.color, "unicode": view.unicode}
        if before is None or again:
            text = render_text(report, view.translator, height=view.height, **shape)  # type: ignore[arg-type]
        else:
            text = render_changes(before, report, view.translator, **shape)  # type: ignore[arg-type]
        write_text(f"\n{text}")
        return True

    def _go_on(self, session: Session, progress: Progress) -> None:
        """The next exercise, the first after the last."""
        exercises = self._course.exercises
        self._exercise = exercises[(exercises.index(self._exercise) + 1) % len(exercises)]
        title = in_language(self._exercise.title, self._translator.language)
        write_text(f"\n{one_line(f'{self._exercise.id}: {title}')}\n")
        self._grade(session, None, progress, again=True)

    def _hint(self) -> None:
        from grader.cli.current import changed_since  # noqa: PLC0415 - only when it is asked for
        from grader.cli.hinting import next_hint, require_run  # noqa: PLC0415 - likewise

        kept = require_run(self._course, self._exercise.id)
        places = self._places((self._exercise,))
        changed = changed_since(kept.report, self._exercise, places, path=self._path)
        write_text("\n" + next_hint(self._course, kept, None, self._view, changed=changed))

    def _task(self) -> None:
        from grader.cli.showing import laid_out  # noqa: PLC0415 - only when it is asked for

        file = in_language(self._exercise.tasks, self._translator.language)
        write_text("\n" + laid_out(file.read_text("utf-8"), self._view))

    def _list(self) -> None:
        from grader.cli.listing import list_page, standing_of  # noqa: PLC0415 - only when it is asked for

        standings = [standing_of(self._course, one, named=self._named) for one in self._course.exercises]
        write_text("\n" + list_page(self._course, standings, self._view))

    def _open(self) -> None:
        """The last report as a page, in a file of this user's own; the next one takes its place."""
        import webbrowser  # noqa: PLC0415 - only when it is asked for

        from grader.report import render_html  # noqa: PLC0415 - likewise

        report = self._last.get(self._exercise.id)
        if report is None:
            return
        file = keep_page(self._course, report.exercise, render_html([report], self._translator))
        self._say(_("The report: {file}", file=str(file)))
        webbrowser.open(file.as_uri())

    def _guarded(self, action: Callable[[], object]) -> None:
        """One key's work; what goes wrong with it is told and ends nothing."""
        try:
            action()
        except (GraderError, OSError, UnicodeDecodeError) as error:
            self._say(error.message if isinstance(error, GraderError) else str(error))

    def _say(self, sentence: Text | str) -> None:
        write_text(f"\n{one_line(self._translator.render(sentence))}\n")

    def _show_keys(self, events: Events) -> None:
        if events.has_keys:
            render = self._translator.render
            line = "  ".join(f"{key} {render(words)}" for key, words in _KEYS.items())
            write_text(f"{line}\n")

    def _code(self) -> int:
        report = self._last.get(self._exercise.id)
        passed = report is not None and report.verdict is Verdict.PASSED
        return Exit.PASSED if passed else Exit.NOT_PASSED
