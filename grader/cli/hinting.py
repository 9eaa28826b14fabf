"""`grade hint EXERCISE`: the next step of help with what did not pass in the last run."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import click

from grader.cli.courses import open_course, submission_folders
from grader.cli.current import Changed, changed_since
from grader.cli.helping import Command
from grader.cli.keeping import Kept, open_step, read_kept, write_kept
from grader.cli.settings import color_option, course_option, language_option
from grader.cli.streams import View, say, view_for, write_text
from grader.course import Course
from grader.errors import UsageError
from grader.language import PROGRAM_CATALOGS, Text, Translator, _, nearest
from grader.records import CheckReport, Report, Verdict
from grader.submission.finding import SUFFIXES
from grader.submission.wording import printable


@click.command(
    cls=Command,
    usage="hint EXERCISE [FUNCTION] [OPTIONS]",
    about=_(
        "Show the next step of help with the first check of EXERCISE, or of FUNCTION, that did not pass in your last "
        "run. Each call goes one step further, from a nudge to nearly the answer."
    ),
)
@click.argument("exercise")
@click.argument("function", required=False)
@course_option
@language_option
@color_option
def command(*, exercise: str, function: str | None, course: Path | None, lang: str | None, no_color: bool) -> None:
    """Show one step more of the help with a check."""
    opened, translator = open_course(course, lang)
    asked = opened.exercise(exercise)
    kept = require_run(opened, asked.id)
    if lang is None:
        translator = _translator_of(kept.report, opened)
    view = view_for(translator, environment=os.environ, no_color=no_color)
    folders = submission_folders(opened, [asked], Path(), named=course is not None)
    changed = changed_since(kept.report, asked, folders)
    write_text(next_hint(opened, kept, function, view, changed=changed))
    if kept.report.language != translator.language and check_to_help(kept.report, function):
        other = _(
            "This help is in the language of the last run. Grade with `--lang {language}` to get it in another.",
            language=translator.language,
        )
        say(f"grade: {translator.render(other)}")


def require_run(course: Course, exercise: str, *, in_notebook: bool = False) -> Kept:
    """What is kept of the last run of `exercise`. Raises UsageError where there is none yet."""
    kept = read_kept(course, exercise)
    if kept is None:
        first = f"{'%' if in_notebook else ''}grade {exercise}"
        raise UsageError(_("There is no run of {exercise} yet. First: `{command}`.", exercise=exercise, command=first))
    return kept


def _translator_of(report: Report, course: Course) -> Translator:
    """For the language that the steps of help in `report` were written in."""
    return Translator(report.language, (PROGRAM_CATALOGS, *course.catalogs))


def next_hint(
    course: Course,
    kept: Kept,
    function: str | None,
    view: View,
    *,
    changed: Changed | None = None,
    in_notebook: bool = False,
) -> str:
    """Open the next step of help with the last run, which is `kept`, and show it.

    `changed` is the file that is here where that run was of another text: help with that is then said to be of it.
    Raises UsageError for a function that the exercise does not have.
    """
    check = check_to_help(kept.report, function)
    if check is None:
        said = _all_is_well(kept.report, function) if changed is None else _is_changed(changed)
        return view.translator.render(said) + "\n"
    steps = steps_of(check)
    after, shown, missing = open_step(kept, check, len(steps), course.hints_after)
    write_kept(course, kept.report.exercise, after)
    if kept.report.language != view.translator.language:
        view = dataclasses.replace(view, translator=_translator_of(kept.report, course))
    return hint_page(after, check, steps[:shown], missing, view, changed=changed, in_notebook=in_notebook)


def check_to_help(report: Report, function: str | None) -> CheckReport | None:
    """The check that help is asked for: the first to work on, of one function if it is named.

    Raises UsageError for a function that the exercise does not have.
    """
    from grader.report import next_check  # noqa: PLC0415 - help does not wait for it

    functions = dict.fromkeys(check.function for check in report.checks)
    if function is not None and function not in functions:
        if function.endswith(SUFFIXES):
            raise UsageError(
                _(
                    "{word} is a file; help is with what was graded last: `grade hint {exercise}`, or with one of its "
                    "functions after it, such as {example}.",
                    word=function,
                    exercise=report.exercise,
                    example=next(iter(functions), "FUNCTION"),
                )
            )
        meant = nearest(function, functions)
        there_are = ", ".join(functions)
        if meant is None:
            raise UsageError(_("There is no function {name}. There are {known}.", name=function, known=there_are))
        raise UsageError(_("There is no function {name}; did you mean {nearest}?", name=function, nearest=meant))
    return next_check([check for check in report.checks if function in {None, check.function}])


def steps_of(check: CheckReport) -> tuple[str, ...]:
    """The steps of help with `check`: its own, or the one sentence that its failure came with."""
    return check.hints or ((check.hint,) if check.hint else ())


def hint_page(
    kept: Kept,
    check: CheckReport,
    shown: tuple[str, ...],
    missing: int,
    view: View,
    *,
    changed: Changed | None = None,
    in_notebook: bool = False,
) -> str:
    """The steps of help that are open, and how to get the next, in lines of at most `view.width` cells."""
    from grader.report.page import new_page, safe  # noqa: PLC0415 - help does not wait for it

    render = view.translator.render
    count = len(steps_of(check))
    page = new_page(view.width, unicode=view.unicode)
    if changed is not None:
        page.block(render(_is_changed(changed)), style="bold yellow", rows=3)
        page.block(render(_("What follows is about the text that was graded last.")), rows=2)
        page.blank()
    page.row(safe(check.function, "bold cyan"))
    page.block(check.title, style="bold", rows=3)
    if check.message:
        page.block(check.message, rows=6)
    page.blank()
    for number, step in enumerate(shown, start=1):
        page.block(step, first=f"{number}/{count} ", style="yellow" if number == len(shown) else "dim", rows=10)
    if shown:
        page.blank()
    page.block(render(_what_comes(kept.report, shown, count, missing, in_notebook=in_notebook)), style="dim", rows=3)
    return page.text(color=view.color)


def _what_comes(report: Report, shown: tuple[str, ...], count: int, missing: int, *, in_notebook: bool) -> Text:
    exercise = report.exercise
    shell, magic = ("!", "%") if in_notebook else ("", "")
    if not count:
        return _(
            "There is no more help with this check. `{command}` shows the task.",
            command=f"{shell}grade show {exercise}",
        )
    if missing:
        return _("The next step opens after more runs of a changed file: {count}.", count=missing)
    if len(shown) < count:
        return _("One step further: `{command}` again.", command=f"{magic}grade hint {exercise}")
    if in_notebook:
        return _(
            "That was the last step. Change your cell and run it, and then `%grade {exercise}`.", exercise=exercise
        )
    return _("That was the last step. Change your file, and then `grade {exercise}`.", exercise=exercise)


def _is_changed(changed: Changed) -> Text:
    return _(
        "{file} has changed since it was graded last, or was never graded. First: `{command}`.",
        file=printable(changed.file),
        command=printable(changed.command),
    )


def _all_is_well(report: Report, function: str | None) -> Text:
    if report.verdict is Verdict.UNGRADED:
        return _("The last run of {exercise} has no outcome that help could be given for.", exercise=report.exercise)
    return _("Nothing needs help here: every check of {name} passed.", name=function or report.exercise)
