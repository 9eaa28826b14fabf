"""`grade new course|exercise|translations`: what an instructor begins with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.cli.courses import from_here, open_course
from grader.cli.failures import Exit
from grader.cli.helping import Command, option
from grader.cli.settings import Choice, course_option, language_option
from grader.cli.streams import write_text
from grader.errors import UsageError
from grader.language import Text, _

if TYPE_CHECKING:
    from grader.course import Course

KINDS: Final = ("course", "exercise", "translations")
_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@click.command(
    cls=Command,
    usage="new course FOLDER | new exercise ID | new translations [OPTIONS]",
    about=_(
        "Begin a course in FOLDER, or an exercise of the course around the current folder: a stub, a task, a solution, "
        "a check, and a wrong answer that proves it, all of which work. `new translations` brings the catalogs of the "
        "checks' sentences in step with the checks, and compiles them."
    ),
)
@click.argument("kind", type=Choice(KINDS))
@click.argument("name", required=False)
@option("--function", metavar="NAME", about=_("The function that the exercise asks for; a course has each name once."))
@course_option
@language_option
def command(*, kind: str, name: str | None, function: str | None, course: Path | None, lang: str | None) -> int:
    """Make it, and say what comes next."""
    if kind == "course":
        return _course(name, lang)
    opened, translator = open_course(course, lang)
    if kind == "translations":
        said, code = _translations(opened)
    else:
        said, code = _exercise(opened, name, function), Exit.PASSED
    write_text(translator.render(said) + "\n")
    return code


def _course(name: str | None, lang: str | None) -> int:
    from grader.authoring import new_course  # noqa: PLC0415 - help does not wait

    if not name:
        raise UsageError(_("Name a folder for the course: `grade new course FOLDER`."))
    new_course(Path(name))
    _opened, translator = open_course(Path(name), lang)
    said = _(
        "A course is in {folder}. Next: go there, `grade verify`, then change {file} and the check in {checks}.",
        folder=name,
        file="exercises/exercise-1/exercise_1.py",
        checks="checks/test_exercise_1.py",
    )
    write_text(translator.render(said) + "\n")
    return Exit.PASSED


def _exercise(course: Course, name: str | None, function: str | None) -> Text:
    from grader.authoring import new_exercise  # noqa: PLC0415 - help does not wait

    if not name or not _NAME.fullmatch(name):
        raise UsageError(_("Name the exercise in small letters, digits and hyphens: `grade new exercise exercise-2`."))
    if function is not None and not function.isidentifier():
        raise UsageError(_("{function} is no name for a function.", function=function))
    made = new_exercise(course, name, function).exercise(name)
    return _(
        "{id} is in {folder}, its checks in {checks}. Next: `grade verify {id}`.",
        id=name,
        folder=str(from_here(made.folder)),
        checks=str(from_here(made.checks)),
    )


def _translations(course: Course) -> tuple[Text, Exit]:
    from grader.authoring import update_catalogs  # noqa: PLC0415 - help does not wait

    facts = update_catalogs(course)
    missing = sum(len(one.missing) for one in facts)
    files = ", ".join(str(from_here(one.file)) for one in facts)
    if missing:
        said = _(
            "Sentences without a translation: {count}. Fill them in, then give the command again: {files}",
            count=missing,
            files=files,
        )
        return said, Exit.NOT_PASSED
    return _("Every sentence is translated: {files}", files=files), Exit.PASSED
