"""`grade release OUT`: what students get of a course."""

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
    usage="release OUT [OPTIONS]",
    about=_(
        "Write into OUT what students get: stubs, tasks, notebooks and public checks. No solution, hidden check or "
        "wrong answer is among it; each of their lines is looked for in all that is written."
    ),
)
@click.argument("out", type=PathType())
@option("--workflow", type=PathType(), metavar="FILE", about=_("A workflow that grades pull requests, to go with it."))
@option(
    "--hidden",
    type=PathType(),
    metavar="FILE",
    about=_("Pack the course with its hidden checks into this zip, for the machine that grades."),
)
@course_option
@language_option
def command(*, out: Path, workflow: Path | None, hidden: Path | None, course: Path | None, lang: str | None) -> int:
    """Write it, and say what is in it."""
    from grader.authoring import packed, release  # noqa: PLC0415 - help does not wait

    opened, translator = open_course(course, lang)
    text = None if workflow is None else _text(workflow)
    if hidden is not None and hidden.absolute().is_relative_to(out.absolute()):
        raise UsageError(_("{file} would be among what students get. Name another file.", file=str(hidden)))
    archive = None if hidden is None else packed(opened)
    released = release(opened, out, translator, workflow=text)
    if hidden is not None and archive is not None:
        try:
            hidden.write_bytes(archive)
        except OSError as error:
            raise UsageError(
                _("{path} cannot be written: {reason}.", path=str(hidden), reason=reason_of(error))
            ) from error
    said = _(
        "Files in {folder}: {count}, with public checks of {public} exercises. Hidden lines looked for, and not found: "
        "{lines}.",
        folder=str(from_here(out)),
        count=len(released.files),
        public=released.public_checks,
        lines=released.lines,
    )
    write_text(translator.render(said) + "\n")
    return Exit.PASSED


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_("{file} cannot be read: {reason}.", file=str(file), reason=reason_of(error))) from error
