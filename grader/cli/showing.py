"""`grade show EXERCISE`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from grader.cli.courses import open_course
from grader.cli.helping import Command
from grader.cli.settings import color_option, course_option, language_option
from grader.cli.streams import View, view_for, write_text
from grader.course import in_language
from grader.errors import CourseError
from grader.language import _, reason_of


@click.command(cls=Command, usage="show EXERCISE [OPTIONS]", about=_("Show the text of the task of EXERCISE."))
@click.argument("exercise")
@course_option
@language_option
@color_option
def command(*, exercise: str, course: Path | None, lang: str | None, no_color: bool) -> None:
    """Show a task: laid out on a terminal, else as the Markdown that it is."""
    opened, translator = open_course(course, lang)
    task = in_language(opened.exercise(exercise).tasks, translator.language)
    try:
        text = task.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(
            _("The task in {file} cannot be read: {reason}.", file=str(task), reason=reason_of(error))
        ) from error
    if sys.stdout is not None and sys.stdout.isatty():
        text = laid_out(text, view_for(translator, environment=os.environ, no_color=no_color))
    write_text(text)


def laid_out(markdown: str, view: View) -> str:
    """`markdown` as lines for a terminal."""
    from grader.cli.markdown import Task  # noqa: PLC0415 - only a terminal needs rich
    from grader.report import terminal_safe  # noqa: PLC0415 - likewise
    from grader.report.page import MAX_WIDTH, plain_console  # noqa: PLC0415 - likewise

    console = plain_console(min(view.width, MAX_WIDTH), color=view.color)
    with console.capture() as written:
        console.print(Task(terminal_safe(markdown, lines=True), hyperlinks=False))
    return written.get()
