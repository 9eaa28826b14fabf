"""`grade import SOURCE OUT`: a course made of another grader's assignments."""

from __future__ import annotations

import os
from pathlib import Path

import click

from grader.cli.failures import Exit, one_line
from grader.cli.helping import Command
from grader.cli.languages import guess_language
from grader.cli.settings import PathType, language_option
from grader.cli.streams import write_text
from grader.language import Translator, _


@click.command(
    cls=Command,
    usage="import SOURCE OUT [OPTIONS]",
    about=_(
        "Make a course in OUT of SOURCE: an instructor's notebook for nbgrader or otter-grader, or a folder of them. "
        "Functions, solutions, tests and their points are taken over; what has no place in a course is named."
    ),
)
@click.argument("source", type=PathType())
@click.argument("out", type=PathType())
@language_option
def command(*, source: Path, out: Path, lang: str | None) -> int:
    """Make the course, and say what came of each notebook."""
    from grader.authoring import import_course  # noqa: PLC0415 - help does not wait

    translator = Translator(lang or guess_language([], os.environ))
    _course, imported = import_course(source, out)
    for one in imported:
        said = _(
            "{exercise}, from {format}: {checks} checks, {points:g} points.",
            exercise=one.exercise,
            format=one.format,
            checks=one.checks,
            points=one.points,
        )
        write_text(translator.render(said) + "\n")
        for part in one.left_out:
            said = _(
                "  left out: {name} ({points:g} points). {reason}",
                name=part.name,
                points=part.points,
                reason=part.reason,
            )
            write_text(one_line(translator.render(said)) + "\n")
    said = _("The course is in {folder}. Next: go there, and `grade verify`.", folder=str(out))
    write_text(translator.render(said) + "\n")
    return Exit.PASSED
