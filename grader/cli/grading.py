"""`grade EXERCISE [PATH]` and `grade all [PATH]`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.cli.courses import open_course, submission_folders
from grader.cli.failures import Exit, one_line
from grader.cli.helping import Command, option
from grader.cli.keeping import keep_report
from grader.cli.names import COMMANDS
from grader.cli.progress import Progress
from grader.cli.progress_table import TableProgress
from grader.cli.rendering import FORMATS, Format
from grader.cli.settings import (
    PathType,
    color_option,
    course_option,
    format_option,
    language_option,
    sandbox_option,
    time_limit_option,
)
from grader.cli.streams import View, check_writable, say, view_for, write_data, write_file, write_text
from grader.course import Course, Exercise, in_language
from grader.errors import SubmissionError, UsageError
from grader.language import Text, Translator, _, nearest
from grader.records import SANDBOX_MODES, Report, SandboxMode, Verdict
from grader.report import NoSubmission, is_withheld
from grader.submission import find_submission

if TYPE_CHECKING:
    from grader.grading import GradingOptions, Session

ALL: Final = "all"
STANDARD_OUTPUT: Final = Path("-")
CODE_SUFFIXES: Final = frozenset({".py", ".ipynb", ".toml"})
"""What no report is ever named; submissions and courses are."""


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for, and for whom the answer is."""

    course: Course
    course_named: bool
    path: Path | None
    sandbox: SandboxMode
    time_limit: float | None
    view: View
    progress: Progress
    colored: bool

    @property
    def translator(self) -> Translator:
        """Of the language that was asked for."""
        return self.view.translator

    @property
    def root(self) -> Path:
        """The folder that submissions are looked for in."""
        return self.path if self.path is not None and self.path.is_dir() else Path()

    def options(self, exercises: Sequence[Exercise]) -> GradingOptions:
        """What a session for `exercises` is to do."""
        from grader.grading import GradingOptions  # noqa: PLC0415 - help does not wait for it

        return GradingOptions(
            language=self.translator.language,
            sandbox=self.sandbox,
            time_limit=self.time_limit,
            folders=submission_folders(self.course, exercises, self.root, named=self.course_named),
        )


@click.command(
    cls=Command,
    usage="EXERCISE [PATH] [OPTIONS]",
    about=_(
        "Grade the submission for EXERCISE, or for every exercise with `all`. PATH is a file (.py or .ipynb) or a "
        "folder; without it, the exercise's file is looked for under `exercises` and in the current folder. "
        "Ends with 0 if every check passed, 1 if not, 2 if the command cannot be used, 3 if the grader failed."
    ),
)
@click.argument("exercise")
@click.argument("path", required=False, type=PathType())
@course_option
@language_option
@format_option(tuple(FORMATS), _("How the report is written; text for people, the others for programs."))
@option("--output", type=PathType(), metavar="FILE", about=_("Write the report there instead of to standard output."))
@sandbox_option("auto")
@time_limit_option
@color_option
@option("--verbose", is_flag=True, about=_("Every check, every note, and what the run used."))
def command(
    *,
    exercise: str,
    path: Path | None,
    course: Path | None,
    lang: str | None,
    format_name: str,
    output: Path | None,
    sandbox: str,
    time_limit: float | None,
    no_color: bool,
    verbose: bool,
) -> int:
    """Grade one exercise, or all of them."""
    if output == STANDARD_OUTPUT:
        output = None
    if output is not None:
        refuse_code(output)
        check_writable(output)
    refuse_misplaced_word(exercise)
    opened, translator = open_course(course, lang)
    view = view_for(translator, environment=os.environ, no_color=no_color, to_file=output is not None, verbose=verbose)
    colored = not (no_color or os.environ.get("NO_COLOR"))
    progress = Progress(translator, color=colored, verbose=verbose)
    order = Order(opened, course is not None, path, SANDBOX_MODES[sandbox], time_limit, view, progress, colored)
    form = FORMATS[format_name]
    if exercise == ALL:
        entries = grade_all(order)
        _deliver(form.many(entries, view), form, output)
        if form.is_data:
            _tell_missing(entries, translator)
        return exit_of(entries)
    asked = opened.exercise(exercise)
    refuse_second_exercise(opened, asked, path)
    report = grade_one(order, asked)
    _deliver(form.one(report, view), form, output)
    return exit_of([report])


def refuse_code(output: Path) -> None:
    """Raise UsageError where a report would be written over a program or a notebook, and so over a submission."""
    if any(path.suffix.casefold() in CODE_SUFFIXES for path in (output, output.resolve())):
        raise UsageError(
            _(
                "{path} would be overwritten by the report, and its name is that of code. Name another file after "
                "--output, such as report.txt.",
                path=str(output),
            )
        )


def refuse_misplaced_word(word: str) -> None:
    """Raise UsageError where the word in the exercise's place is a command's name, or a file's."""
    if word in COMMANDS:
        raise UsageError(_("Write {name} first: `grade {name}`, and its options after it.", name=word))
    meant = nearest(word, COMMANDS)
    if meant is not None:
        raise UsageError(_("There is no command {word}; did you mean `grade {nearest}`?", word=word, nearest=meant))
    if word.endswith((".py", ".ipynb")):
        raise UsageError(_("Name the exercise first, then the file: `grade EXERCISE {file}`.", file=word))


def refuse_second_exercise(course: Course, asked: Exercise, path: Path | None) -> None:
    """Raise UsageError where the word in the path's place names another exercise, and no folder with a file for this.

    A student's folder of an exercise has the same name, and may hold whatever file.
    """
    if path is None or str(path) not in {other.id for other in course.exercises if other is not asked}:
        return
    if not any(os.path.lexists(path / f"{asked.stem}{suffix}") for suffix in (".py", ".ipynb")):
        raise UsageError(
            _(
                "One exercise at a time is graded: `grade {exercise}`, then `grade {other}`. `grade all` grades all.",
                exercise=asked.id,
                other=str(path),
            )
        )


def grade_one(order: Order, exercise: Exercise) -> Report:
    """The report on one exercise. Raises UsageError and InternalError."""
    from grader.grading import grade_submission  # noqa: PLC0415 - help does not wait for it

    options = order.options([exercise])
    with order.progress:
        report = _from_host(order, exercise, order.path, options.folders, order.progress, is_named=True)
        if report is None:
            report = grade_submission(order.course, exercise, order.path, options=options, progress=order.progress)
    return _for_student(order, report)


def _from_host(
    order: Order,
    exercise: Exercise,
    path: Path | None,
    folders: tuple[Path, ...],
    progress: Callable[[Text], None],
    *,
    is_named: bool,
) -> Report | None:
    """The report of a `grade watch` that is running and can make the same; None where there is none."""
    from grader.sharing import Asked, ask_host, host_key  # noqa: PLC0415 - help does not wait for it

    asked = Asked(
        exercise=exercise.id,
        here=str(Path.cwd()),
        path=None if path is None else str(path),
        folders=tuple(map(str, folders)),
        is_named=is_named,
        language=order.translator.language,
    )
    return ask_host(
        lambda: host_key(order.course, sandbox=order.sandbox, time_limit=order.time_limit),
        asked,
        lambda words: progress(_("{message}", message=words)),
    )


def grade_all(order: Order) -> list[Report | NoSubmission]:
    """The reports on all exercises, in order, from one session; exercises without a submission are told as such.

    Raises UsageError if there is no submission at all or the file that was named is none, and InternalError.
    """
    from grader.grading import Session  # noqa: PLC0415 - help does not wait for it

    exercises = order.course.exercises
    if order.path is not None and not order.path.is_dir():
        find_submission(order.path, stem=ALL, folders=())
    progress = TableProgress(order.translator, exercises, color=order.colored, verbose=order.view.verbose)
    with progress, Session(order.course, order.options(exercises), progress) as session:
        entries = []
        for exercise in exercises:
            progress.begin(exercise)
            entries.append(_entry(order, exercise, session, progress))
            progress.end(entries[-1])
    if all(isinstance(entry, NoSubmission) for entry in entries):
        place = order.path if order.path is not None else Path.cwd()
        raise UsageError(
            _(
                "There is no submission for any exercise in {place}. `grade init FOLDER` makes a folder to start from.",
                place=str(place),
            )
        )
    return entries


def _entry(
    order: Order, exercise: Exercise, session: Session, progress: Callable[[Text], None]
) -> Report | NoSubmission:
    try:
        path = _file_of(order, exercise)
        report = _from_host(order, exercise, path, session.options.folders, progress, is_named=False)
        return _for_student(order, session.grade(exercise, path) if report is None else report)
    except SubmissionError as error:
        title = in_language(exercise.title, order.translator.language)
        reason = error.message if _is_something_there(order, exercise) else None
        return NoSubmission(exercise=exercise.id, title=title, reason=reason)


def _for_student(order: Order, report: Report) -> Report:
    """`report` as the course shows it now, remembered for `grade hint` and `grade list`."""
    from grader.grading import as_shown  # noqa: PLC0415 - help does not wait for it

    shown = as_shown(report, order.course.showing, datetime.now(UTC), order.translator)
    keep_report(order.course, shown)
    return shown


def _is_something_there(order: Order, exercise: Exercise) -> bool:
    """Whether there is a file for `exercise`, readable or not."""
    if order.path is not None and not order.path.is_dir():
        return True
    folders = submission_folders(order.course, [exercise], order.root, named=order.course_named)
    files = [folder / f"{exercise.stem}{suffix}" for folder in folders for suffix in (".py", ".ipynb")]
    return any(map(os.path.lexists, files))


def _file_of(order: Order, exercise: Exercise) -> Path | None:
    """What a session of all exercises is told to grade for `exercise`. Raises SubmissionError."""
    if order.path is not None and not order.path.is_dir():
        return order.path
    folders = submission_folders(order.course, [exercise], order.root, named=order.course_named)
    try:
        find_submission(None, stem=exercise.stem, folders=folders)
    except SubmissionError:
        # One file of another name may hold every exercise; one with another exercise's name does not hold this one.
        alone, _notes = find_submission(order.root, stem=exercise.stem, folders=())
        if alone.stem in {other.stem for other in order.course.exercises}:
            raise
        return alone
    return None


def exit_of(entries: Sequence[Report | NoSubmission]) -> Exit:
    """How the program ends after `entries`: what the grader did not manage weighs most."""
    reports = [entry for entry in entries if isinstance(entry, Report)]
    if any(report.verdict is Verdict.UNGRADED and not is_withheld(report) for report in reports):
        return Exit.GRADER_FAILED
    verdicts = {entry.verdict if isinstance(entry, Report) else Verdict.NOT_ATTEMPTED for entry in entries}
    return Exit.PASSED if verdicts == {Verdict.PASSED} else Exit.NOT_PASSED


def _deliver(text: str, form: Format, output: Path | None) -> None:
    if output is not None:
        write_file(output, text)
    elif form.is_data:
        write_data(text)
    else:
        write_text(text)


def _tell_missing(entries: Sequence[Report | NoSubmission], translator: Translator) -> None:
    for entry in entries:
        if isinstance(entry, NoSubmission):
            reason = translator.render(_("no file") if entry.reason is None else entry.reason)
            say(f"grade: {one_line(f'{entry.exercise}: {reason}')}")
