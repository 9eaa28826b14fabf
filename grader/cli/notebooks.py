"""`grade notebooks`: the exercises as notebooks, made from the stubs and the tasks."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.courses import from_here, open_course
from grader.cli.failures import Exit
from grader.cli.helping import Command, option
from grader.cli.settings import PathType, course_option, language_option
from grader.cli.streams import write_text
from grader.errors import UsageError
from grader.language import _, reason_of


@click.command(
    cls=Command,
    usage="notebooks [FOLDER] [OPTIONS]",
    about=_(
        "Make the exercises' notebooks from the stubs and the tasks, one for each exercise and one of all, in every "
        "language of the course. They go to FOLDER, or to the folder that course.toml names."
    ),
)
@click.argument("folder", required=False, type=PathType())
@course_option
@language_option
@option("--check", is_flag=True, about=_("Write nothing; end with 1 if a notebook is not what it would be."))
def command(*, folder: Path | None, course: Path | None, lang: str | None, check: bool) -> int:
    """Make the notebooks, or check them."""
    from grader.authoring import course_notebooks, outdated, write_notebooks  # noqa: PLC0415 - help does not wait

    opened, translator = open_course(course, lang)
    target = folder or (opened.notebooks and opened.notebooks.folder)
    if not target:
        raise UsageError(_("Name a folder for the notebooks, or set `folder` under [notebooks] in course.toml."))
    if check:
        wrong = outdated(target, course_notebooks(opened))
        for path in wrong:
            said = _("{file} is not what `grade notebooks` would write.", file=str(from_here(path)))
            write_text(translator.render(said) + "\n")
        return Exit.NOT_PASSED if wrong else Exit.PASSED
    try:
        count = write_notebooks(target, course_notebooks(opened))
    except OSError as error:
        raise UsageError(
            _("{folder} cannot be written: {reason}. Name another folder.", folder=str(target), reason=reason_of(error))
        ) from error
    write_text(
        translator.render(_("Notebooks in {folder}: {count}", folder=str(from_here(target)), count=count)) + "\n"
    )
    return Exit.PASSED
