"""`grade init FOLDER`: a student's own copy of the exercises."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from grader.cli.courses import open_course
from grader.cli.helping import Command, option
from grader.cli.settings import PathType, course_option, language_option
from grader.cli.streams import write_text
from grader.course import Course, in_language
from grader.errors import CourseError, UsageError
from grader.language import Text, Translator, _, reason_of

README: Final = Path("README.md")
NAMED: Final = 3
"""Files in the way that are named; of more of them the number says enough."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A file to make: its path from the folder, and its bytes."""

    path: Path
    content: bytes


@click.command(
    cls=Command,
    usage="init FOLDER [OPTIONS]",
    about=_("Make a copy of your own of the exercises in FOLDER: the files to fill in, and the tasks."),
)
@click.argument("folder", type=PathType())
@course_option
@language_option
@option("--missing", is_flag=True, about=_("Add what is missing in FOLDER, and leave what is there as it is."))
def command(*, folder: Path, course: Path | None, lang: str | None, missing: bool) -> None:
    """Copy the exercises, all of them or none."""
    opened, translator = open_course(course, lang)
    made = make_copies(folder, copies_of(opened, translator), missing=missing)
    first = opened.exercises[0].id
    said = _(
        "Files copied to {folder}: {count}. Next: go there, read `grade show {exercise}`, write, then "
        "`grade {exercise}`.",
        count=made,
        folder=str(folder),
        exercise=first,
    )
    write_text(translator.render(said) + "\n")


def copies_of(course: Course, translator: Translator) -> list[Copy]:
    """What a student's folder begins with. Raises CourseError if the course lacks a file."""
    copies = []
    for exercise in course.exercises:
        folder = Path("exercises") / exercise.id
        for source in exercise.handouts:
            try:
                copies.append(Copy(folder / source.relative_to(exercise.folder), source.read_bytes()))
            except OSError as error:
                raise CourseError(
                    _("{file} cannot be read: {reason}.", file=str(source), reason=reason_of(error))
                ) from error
    copies.append(Copy(README, translator.render(readme(course, translator)).encode()))
    return copies


def readme(course: Course, translator: Translator) -> Text:
    """What a student's folder says about itself."""
    return _(
        "# {title}\n\n"
        "Each folder in `exercises` holds a task, `README.md`, and a file to fill in. In this folder:\n\n"
        "- `grade list` shows the exercises, and how far you are\n"
        "- `grade show {exercise}` shows a task\n"
        "- `grade {exercise}` checks your file, as often as you like\n"
        "- `grade all` checks everything\n",
        title=in_language(course.title, translator.language),
        exercise=course.exercises[0].id,
    )


def make_copies(folder: Path, copies: list[Copy], *, missing: bool) -> int:
    """Write `copies` into `folder` and return how many were written.

    Raises UsageError, and writes nothing, if one of them is there already, unless only the `missing` are wanted; and
    if the folder cannot be written.
    """
    there = [copy for copy in copies if os.path.lexists(folder / copy.path)]
    if there and not missing:
        raise UsageError(_in_the_way(folder, there))
    wanted = [copy for copy in copies if copy not in there]
    try:
        for copy in wanted:
            target = folder / copy.path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as stream:
                stream.write(copy.content)
    except OSError as error:
        raise UsageError(
            _(
                "{folder} cannot be written: {reason}. Name another folder.",
                folder=str(folder),
                reason=reason_of(error),
            )
        ) from error
    return len(wanted)


def _in_the_way(folder: Path, there: list[Copy]) -> Text:
    names = ", ".join(str(copy.path) for copy in there[:NAMED])
    if len(there) <= NAMED:
        return _(
            "{folder} has {names} already, and nothing was copied. Name another folder, or add --missing.",
            folder=str(folder),
            names=names,
        )
    return _(
        "{folder} has {names} and {count} more already, and nothing was copied. Name another folder, or add --missing.",
        folder=str(folder),
        names=names,
        count=len(there) - NAMED,
    )
