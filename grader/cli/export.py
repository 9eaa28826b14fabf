"""`grade export`: a cohort's points as the files that other platforms take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.cli.courses import open_book_course
from grader.cli.helping import Command, option
from grader.cli.rendering import FORMATS, classroom50_of
from grader.cli.settings import Choice, PathType, book_option, course_option, language_option
from grader.cli.streams import FILE_WIDTH, View, check_writable, say, write_data, write_file
from grader.course import Course, Exercise
from grader.errors import UsageError
from grader.language import Translator, _, reason_of

if TYPE_CHECKING:
    from grader.exports import Filled, Key
    from grader.gradebook import Entry, Gradebook

PER_STUDENT: Final = {"gradescope": "results.json", "junit": "report.xml", "classroom50": "result.json"}
"""Formats of a file a student, and how that file is called in the student's folder."""
SCORES_ALONE: Final = frozenset({"gradescope"})
"""Those in which points can stand without a report."""
KINDS: Final = ("csv", "canvas", "moodle", *(name for name in PER_STUDENT if name in FORMATS))
KEYS: Final = ("email", "id-number")
_BYTE_ORDER_MARK: Final = "\ufeff"
_MOST: Final = 64 * 2**20
"""Bytes of another platform's table; a cohort's is far smaller."""


@dataclass(frozen=True, slots=True)
class Platform:
    """What was said about the platform: its own export, its names for the exercises, and how it knows students."""

    kind: str
    into: Path | None
    columns: dict[str, str]
    key: Key
    scale: bool


@click.command(
    cls=Command,
    usage="export FORMAT [OUT] [OPTIONS]",
    about=_(
        "Write what counts, from the gradebook in OUT, as FORMAT: a plain table (csv); the instructor's own "
        "export of Canvas or Moodle (--into) with the points filled in; or a file for each student in the folder that "
        "--output names (gradescope, junit, classroom50)."
    ),
)
@click.argument("kind", metavar="FORMAT", type=Choice(KINDS))
@click.argument("out", required=False, type=PathType())
@book_option
@option("--into", type=PathType(), metavar="FILE", about=_("What Canvas or Moodle exported; it stays as it is."))
@option("--exercise", "names", multiple=True, metavar="EXERCISE", about=_("Only this exercise; may be repeated."))
@option(
    "--column",
    "columns",
    multiple=True,
    metavar="EXERCISE=NAME",
    about=_("The platform's column of an exercise, where it is called otherwise; may be repeated."),
)
@option("--scale", is_flag=True, about=_("Canvas: where it gives other points possible, multiply ours."))
@option("--excel", is_flag=True, about=_("csv: with the mark by which Excel knows letters that are not English."))
@option(
    "--by",
    "key",
    type=Choice(KEYS),
    default="email",
    metavar="|".join(KEYS),
    about=_("Moodle: what students are known by. Upper and lower case of an address differ there."),
)
@option("--output", type=PathType(), metavar="FILE", about=_("Write it there instead of to standard output."))
@course_option
@language_option
def command(
    *,
    kind: str,
    out: Path | None,
    address: str | None,
    into: Path | None,
    names: tuple[str, ...],
    columns: tuple[str, ...],
    scale: bool,
    excel: bool,
    key: str,
    output: Path | None,
    course: Path | None,
    lang: str | None,
) -> None:
    """Write a gradebook for another program."""
    from grader.gradebook import entries, gradebook_at, open_gradebook, read_policy  # noqa: PLC0415 - as elsewhere

    if excel and kind != "csv":
        raise UsageError(_("--excel is for csv; what platforms import has no such mark."))
    if output is not None and kind not in PER_STUDENT:
        check_writable(output)
    with open_gradebook(gradebook_at(out, address), create=False) as book:
        opened, translator = open_book_course(book, course, lang)
        exercises = [opened.exercise(name) for name in names] or list(opened.exercises)
        named = columns_named(columns, opened)
        wanted = {exercise.id for exercise in exercises}
        table = [entry for entry in entries(book, opened, read_policy(opened)) if entry.exercise in wanted]
        if kind in PER_STUDENT:
            _write_reports(book, table, kind, output, translator)
            return
    if kind == "csv":
        from grader.exports import plain_csv  # noqa: PLC0415 - as elsewhere

        text = (_BYTE_ORDER_MARK if excel else "") + plain_csv(table)
    else:
        platform = Platform(kind, into, named, "id-number" if key == "id-number" else "email", scale)
        filled = _filled(platform, table, exercises, translator)
        _tell_strangers(filled.strangers, translator)
        text = filled.text
    if output is None:
        write_data(text)
    else:
        write_file(output, text)


def columns_named(words: Sequence[str], course: Course) -> dict[str, str]:
    """The columns of `EXERCISE=NAME`. Raises UsageError for a word without the sign, or another exercise."""
    found = {}
    for word in words:
        exercise, sign, name = word.partition("=")
        if not sign or not name:
            raise UsageError(_("Write --column as EXERCISE=NAME, not {word}.", word=word))
        found[course.exercise(exercise).id] = name
    return found


def _filled(
    platform: Platform, table: Sequence[Entry], exercises: Sequence[Exercise], translator: Translator
) -> Filled:
    from grader.exports import canvas_csv, moodle_csv, moodle_filled  # noqa: PLC0415 - help does not wait for it

    into, columns, key = platform.into, platform.columns, platform.key
    if platform.kind == "canvas":
        if into is None:
            raise UsageError(
                _("Export the gradebook from Canvas, and give that file with --into: it holds the ids that are needed.")
            )
        return canvas_csv(_text_of(into), table, exercises, file=str(into), columns=columns, scale=platform.scale)
    if into is not None:
        return moodle_filled(_text_of(into), table, exercises, translator, file=str(into), key=key, columns=columns)
    if len(exercises) != 1:
        raise UsageError(
            _("Name one exercise with --exercise, or give Moodle's own export with --into to fill in several.")
        )
    return moodle_csv(table, exercises[0], translator, key=key)


def _write_reports(
    book: Gradebook, table: Sequence[Entry], kind: str, output: Path | None, translator: Translator
) -> None:
    from grader.cli.failures import one_line  # noqa: PLC0415 - help does not wait for it
    from grader.exports import counting_reports, folder_name  # noqa: PLC0415 - likewise

    if output is None:
        raise UsageError(_("Name the folder to write to with --output: there is a file for each student."))
    view = View(translator, FILE_WIDTH, color=False, unicode=True)
    unseen: list[Entry] = []
    if kind not in SCORES_ALONE:
        unseen = [entry for entry in table if entry.run is None and entry.points is not None]
        table = [entry for entry in table if entry.run is not None]
    times = {entry.student.id: entry.handed_in for entry in table if entry.handed_in is not None}
    count = 0
    for student, reports in counting_reports(book, table, translator):
        folder = output / folder_name(student)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                _("{path} cannot be written: {reason}.", path=str(folder), reason=reason_of(error))
            ) from error
        if kind == "classroom50":
            text = classroom50_of(reports, view, owner=student, handed_in=times.get(student))
        else:
            text = FORMATS[kind].many(reports, view)
        write_file(folder / PER_STUDENT[kind], text, durable=False)
        count += 1
    written = _("written to {folder}; files: {count}", folder=str(output), count=count)
    say(f"grade: {translator.render(written)}")
    if unseen:
        places = ", ".join(f"{entry.student.id} ({entry.exercise})" for entry in unseen)
        sentence = _("points by hand where nothing was handed in are not written: {places}", places=places)
        say(f"grade: {one_line(translator.render(sentence))}")


def _text_of(file: Path) -> str:
    """The text of another platform's table. Raises UsageError."""
    try:
        if file.stat().st_size > _MOST:
            raise UsageError(_("{file} is too large for a table of points.", file=str(file)))
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(_("{file} is not in UTF-8; export it again.", file=str(file))) from None
    except OSError as error:
        raise UsageError(_("{file} cannot be read: {reason}.", file=str(file), reason=reason_of(error))) from None


def _tell_strangers(strangers: Sequence[str], translator: Translator) -> None:
    from grader.cli.failures import one_line  # noqa: PLC0415 - only now is it needed

    if strangers:
        sentence = _(
            "not written, since the platform's table has no row for them: {students}", students=", ".join(strangers)
        )
        say(f"grade: {one_line(translator.render(sentence))}")
