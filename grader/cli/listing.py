"""`grade list`: the exercises, and how far one is with each, found without running anything."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import click

from grader.cli.courses import from_here, open_course, submission_folders
from grader.cli.helping import Command
from grader.cli.keeping import read_kept
from grader.cli.settings import color_option, course_option, language_option
from grader.cli.streams import View, view_for, write_text
from grader.course import Course, Exercise, in_language
from grader.errors import SubmissionError
from grader.language import Text, _
from grader.records import Report, Verdict
from grader.submission import FunctionState, find_submission, read_submission

BEGUN = frozenset({FunctionState.WRITTEN, FunctionState.UNKNOWN})
"""What counts as written; of the unknown ones only a run can tell."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one is with an exercise: functions written of those asked, where, and what the text says against it.

    `last` is the report of the last run, and `is_current` whether the file is still the one that was graded.
    """

    exercise: Exercise
    written: int
    file: Path | None
    problem: Text | str | None
    last: Report | None = None
    is_current: bool = False


@click.command(cls=Command, usage="list [OPTIONS]", about=_("List the exercises, and how far you are with each."))
@course_option
@language_option
@color_option
def command(*, course: Path | None, lang: str | None, no_color: bool) -> None:
    """List the exercises."""
    opened, translator = open_course(course, lang)
    view = view_for(translator, environment=os.environ, no_color=no_color)
    standings = [standing_of(opened, exercise, named=course is not None) for exercise in opened.exercises]
    write_text(list_page(opened, standings, view))


def standing_of(course: Course, exercise: Exercise, *, named: bool) -> Standing:
    """How far one is with `exercise` in the current folder. Never raises for what is in a submission."""
    file = None
    try:
        folders = submission_folders(course, [exercise], Path(), named=named)
        file, _notes = find_submission(None, stem=exercise.stem, folders=folders)
        submission = read_submission(file, functions=exercise.functions)
    except SubmissionError as error:
        return Standing(exercise, 0, file, error.message if file else None)
    kept = read_kept(course, exercise.id)
    written = sum(facts.state in BEGUN for facts in submission.functions.values())
    problem = submission.problems[0] if submission.problems else None
    return Standing(
        exercise,
        written,
        file,
        problem.message if problem else None,
        last=kept.report if kept else None,
        is_current=kept is not None and kept.report.submission.sha256 == submission.sha256,
    )


def list_page(course: Course, standings: list[Standing], view: View) -> str:
    """The exercises in lines of at most `view.width` cells."""
    from rich.text import Text as Line  # noqa: PLC0415 - help does not wait for it

    from grader.report.page import new_page, safe  # noqa: PLC0415 - likewise

    render = view.translator.render
    page = new_page(view.width, unicode=view.unicode)
    page.row(safe(in_language(course.title, view.translator.language), "bold"))
    page.blank()
    cells = max((safe(standing.exercise.id).cell_len for standing in standings), default=0)
    for standing in standings:
        count = len(standing.exercise.functions)
        name = safe(standing.exercise.id, "bold cyan")
        name.append(" " * (cells - name.cell_len))
        title = safe(in_language(standing.exercise.title, view.translator.language))
        far = _("functions written: {written} of {count}", written=standing.written, count=count)
        if standing.file is None:
            right = safe(render(_("no file")), "dim")
        else:
            right = safe(render(far), "green" if standing.written == count else "yellow")
        page.row(Line.assemble(name, "  ", title), right)
        if standing.file is not None:
            last = last_run(standing)
            page.row(
                safe(str(from_here(standing.file)), "dim"),
                None if last is None else safe(render(last), "dim"),
                indent=cells + 2,
            )
        if standing.problem is not None:
            page.block(render(standing.problem), indent=cells + 2, style="red", rows=2)
    page.blank()
    page.block(render(next_step(standings)), style="bold", rows=3)
    return page.text(color=view.color)


def last_run(standing: Standing) -> Text | None:
    """What the last run gave; None where there was none, or where it gave no score."""
    if standing.last is None or standing.last.score is None:
        return None
    from grader.report.words import number  # noqa: PLC0415 - help does not wait for it

    points = f"{number(standing.last.score.earned)}/{number(standing.last.score.possible)}"
    if standing.is_current:
        return _("last run: {points} points", points=points)
    return _("{points} before your last change", points=points)


def next_step(standings: list[Standing]) -> Text:
    """What to do next: the first exercise that is not written, or whose file did not pass as it is now."""
    if all(standing.file is None for standing in standings):
        return _("There is no file for any exercise here. `grade init FOLDER` makes a folder to start from.")
    for standing in standings:
        if standing.written < len(standing.exercise.functions):
            return _(
                "Next: read `grade show {exercise}`, write, then `grade {exercise}`.", exercise=standing.exercise.id
            )
        is_passed = standing.is_current and standing.last is not None and standing.last.verdict is Verdict.PASSED
        if not is_passed:
            return _("Next: `grade {exercise}`.", exercise=standing.exercise.id)
    return _("Every exercise is passed. Well done!")
