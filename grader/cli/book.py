"""`grade book`: what a cohort has, what became of it when, and what an instructor changes by hand."""

from __future__ import annotations

import getpass
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.cli.book_students import student_meant
from grader.cli.courses import open_book_course
from grader.cli.helping import Command, option
from grader.cli.settings import (
    Choice,
    Count,
    PathType,
    book_option,
    color_option,
    course_option,
    format_option,
    language_option,
)
from grader.cli.streams import check_writable, say, view_for, write_data, write_file, write_text
from grader.course import Course
from grader.errors import UsageError
from grader.language import _
from grader.records import Verdict

if TYPE_CHECKING:
    from grader.gradebook import Change, Entry, Policy

FORMATS: Final = ("text", "json", "csv")
_MOST_NUMBER: Final = 2**31 - 1
"""of a run or an attempt, as databases count"""
WITHDRAWABLE: Final = ("points", "comment", "until", "attempt", "drop")


@dataclass(frozen=True, slots=True)
class Edit:
    """What was asked to be changed, as it was typed; None is what was not asked for."""

    add: float | None
    set: float | None
    comment: str | None
    until: str | None
    attempt: int | None
    drop: bool | None
    withdraw: str | None

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of the options that were given."""
        return tuple(name for name in self.__slots__ if getattr(self, name) is not None)


class Number(click.ParamType[float]):
    """A number of points."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, _ctx: click.Context | None) -> float:
        """The number. Raises UsageError for what is none, or is absurd."""
        try:
            number = float(str(value))
        except ValueError:
            number = float("nan")
        if not -1e6 < number < 1e6:  # false for NaN too
            name = param.opts[0] if param else self.name
            raise UsageError(_("{option} must be a number, not {value}.", option=name, value=str(value)))
        return number


@click.command(
    cls=Command,
    usage="book [OUT] [OPTIONS]",
    about=_(
        "Show what a cohort has, from the gradebook in OUT, the folder that `grade batch` wrote to. With --add, --set, "
        "--comment, --until, --attempt, --drop or --withdraw, change it by hand: such a change needs --why, all but "
        "--drop need --exercise, and it is kept when the cohort is graded again, and never overwritten in the history."
    ),
)
@click.argument("out", required=False, type=PathType())
@book_option
@option("--student", metavar="STUDENT", about=_("Only this student: an id, or else an e-mail address or a name."))
@option("--exercise", metavar="EXERCISE", about=_("Only this exercise."))
@option(
    "--verdict",
    type=Choice([verdict.value for verdict in Verdict]),
    metavar="|".join(verdict.value for verdict in Verdict),
    about=_("Only what ended so."),
)
@option("--missing", is_flag=True, about=_("Only what was not handed in."))
@option("--late", is_flag=True, about=_("Only what was handed in late."))
@option("--history", is_flag=True, about=_("Every run and every change by hand: who, when and why."))
@option("--run", "run", type=Count(_MOST_NUMBER), metavar="NUMBER", about=_("The report of one run, by its number."))
@option("--add", type=Number(), metavar="POINTS", about=_("Add points to what was earned, or take them off (-1.5)."))
@option("--set", "set_to", type=Number(), metavar="POINTS", about=_("Let so many points count, whatever was earned."))
@option("--comment", metavar="TEXT", about=_("A remark that goes with the points."))
@option("--until", metavar="TIME", about=_("Another deadline: for --student, or for everyone without."))
@option("--attempt", type=Count(_MOST_NUMBER), metavar="NUMBER", about=_("Let this attempt count."))
@option("--drop", is_flag=True, about=_("Leave the student out of the class: of pages, points and exports."))
@option(
    "--withdraw",
    type=Choice(WITHDRAWABLE),
    metavar="|".join(WITHDRAWABLE),
    about=_("Take back what was changed by hand."),
)
@option("--why", metavar="TEXT", about=_("The reason of a change; every change needs one."))
@option("--who", metavar="NAME", about=_("Who makes the change; else the name that you are logged in with."))
@format_option(FORMATS, _("How it is written; text for people, the others for programs."))
@option("--output", type=PathType(), metavar="FILE", about=_("Write it there instead of to standard output."))
@course_option
@language_option
@color_option
def command(  # noqa: PLR0917 - click calls it by name
    out: Path | None,
    address: str | None,
    student: str | None,
    exercise: str | None,
    verdict: str | None,
    run: int | None,
    add: float | None,
    set_to: float | None,
    comment: str | None,
    until: str | None,
    attempt: int | None,
    withdraw: str | None,
    why: str | None,
    who: str | None,
    format_name: str,
    output: Path | None,
    course: Path | None,
    lang: str | None,
    *,
    missing: bool,
    late: bool,
    history: bool,
    drop: bool,
    no_color: bool,
) -> None:
    """Show or change a gradebook."""
    from grader.cli import book_pages, book_words  # noqa: PLC0415 - help does not wait for it
    from grader.gradebook import (  # noqa: PLC0415
        entries,
        gradebook_at,
        open_gradebook,
        read_policy,
        record_change,
        report_of,
        students,
    )

    if output is not None:
        check_writable(output)
    edit = Edit(add, set_to, comment, until, attempt, drop or None, withdraw)
    with open_gradebook(gradebook_at(out, address), create=False) as book:
        opened, translator = open_book_course(book, course, lang)
        policy = read_policy(opened)
        if exercise is not None:
            opened.exercise(exercise)
        view = view_for(translator, environment=os.environ, no_color=no_color, to_file=output is not None)
        if student is not None:
            student = student_meant(students(book), student).id
        if edit.asked:
            changed = change_of(edit, opened, policy, student=student, exercise=exercise, who=who, why=why)
            record_change(book, changed)
            say(f"grade: {translator.render(book_words.recorded(changed))}")
            beyond = book_words.beyond_possible(changed, entries(book, opened, policy))
            if beyond is not None:
                say(f"grade: {translator.render(beyond)}")
        if run is not None:
            text = book_pages.report_text(report_of(book, run), format_name, view)
        elif history:
            text = book_pages.history_text(
                book, format_name, view, student=student, exercise=exercise, time_zone=policy.time_zone
            )
        else:
            table = entries(book, opened, policy)
            asked = chosen(table, student=student, exercise=exercise, verdict=verdict, missing=missing, late=late)
            whole = len(asked) == len(table)
            text = book_pages.entries_text(asked, format_name, view, whole=whole, time_zone=policy.time_zone)
    if output is not None:
        write_file(output, text)
    elif format_name == "text":
        write_text(text)
    else:
        write_data(text)


def chosen(
    table: Sequence[Entry],
    *,
    student: str | None,
    exercise: str | None,
    verdict: str | None,
    missing: bool,
    late: bool,
) -> tuple[Entry, ...]:
    """The entries that are asked for; all that was asked must hold."""
    return tuple(
        entry
        for entry in table
        if student in {None, entry.student.id}
        and exercise in {None, entry.exercise}
        and (verdict is None or (entry.verdict is not None and entry.verdict.value == verdict))
        and (not missing or entry.run is None)
        and (not late or entry.late)
    )


def change_of(
    edit: Edit,
    course: Course,
    policy: Policy,
    *,
    student: str | None,
    exercise: str | None,
    who: str | None,
    why: str | None,
) -> Change:
    """The change that was asked for. Raises UsageError for one without its student, exercise or reason."""
    from grader.gradebook import Change, ChangeKind, read_moment  # noqa: PLC0415 - help does not wait for it

    if len(edit.asked) > 1:
        raise UsageError(
            _("Change one thing at a time: {options}.", options=", ".join(f"--{name}" for name in edit.asked))
        )
    (name,) = edit.asked
    word = edit.withdraw if edit.withdraw is not None else name
    if word == "drop":
        exercise = ""
    if exercise is None:
        raise UsageError(_("Say which exercise with --exercise; this course has {known}.", known=_exercises(course)))
    if not (why or "").strip():
        raise UsageError(_("Say why with --why; the reason is kept with the change."))
    if student is None and word != "until":
        raise UsageError(_("Say whose with --student; only a deadline can be everyone's."))
    kinds = {
        "add": ChangeKind.ADD,
        "set": ChangeKind.SET,
        "points": ChangeKind.SET,
        "comment": ChangeKind.COMMENT,
        "until": ChangeKind.EXTENSION if student else ChangeKind.DEADLINE,
        "attempt": ChangeKind.ATTEMPT,
        "drop": ChangeKind.DROPPED,
    }
    values: dict[str, float | str | datetime | None] = {
        "add": edit.add,
        "set": edit.set,
        "comment": edit.comment,
        "attempt": edit.attempt,
        "until": None if edit.until is None else read_moment(edit.until, policy.time_zone),
        "drop": ChangeKind.DROPPED.value,
    }
    return Change(
        kind=kinds[word],
        student=student,
        exercise=exercise,
        value=values.get(name),
        who=who or _user(),
        why=(why or "").strip(),
        when=datetime.now(UTC),
    )


def _exercises(course: Course) -> str:
    return ", ".join(exercise.id for exercise in course.exercises)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        raise UsageError(_("Say who you are with --who; the system does not know.")) from None
