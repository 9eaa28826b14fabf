"""`grade batch FOLDER --out OUT`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from grader.cli.batch_progress import BatchProgress
from grader.cli.book import book_option
from grader.cli.courses import open_course
from grader.cli.failures import Exit
from grader.cli.grading import SANDBOX_MODES
from grader.cli.helping import Command, option
from grader.cli.settings import Choice, Count, PathType, Seconds, color_option, course_option, language_option
from grader.cli.streams import say, view_for, write_data, write_text
from grader.errors import UsageError
from grader.language import Translator, _
from grader.records import Verdict

if TYPE_CHECKING:
    from grader.batch import BatchSummary, Cohort, Hire, Plan, Settings
    from grader.course import Course
    from grader.gradebook import Entry, Gradebook, Policy

LAYOUTS: Final = ("students", "nbgrader", "moodle", "canvas", "gradescope", "classroom")
FORMATS: Final = ("text", "json")
MOST_JOBS: Final = 1024


@click.command(
    cls=Command,
    usage="batch FOLDER --out OUT [OPTIONS]",
    about=_(
        "Grade every submission in FOLDER, which may be a zip archive: as many at a time as there are cores. OUT gets "
        "a report for each, an overview of the class, the points and the gradebook. What was graded before, and has "
        "not changed, is not graded again; so the same command goes on where it was stopped."
    ),
)
@click.argument("folder", metavar="FOLDER", type=PathType())
@option("--out", type=PathType(), metavar="OUT", about=_("The folder to write to; it is made if it is not there."))
@option("--exercise", "names", multiple=True, metavar="EXERCISE", about=_("Only this exercise; may be repeated."))
@option(
    "--students",
    "students",
    multiple=True,
    metavar="NAMES",
    about=_("Only these students: ids, names or e-mail addresses, with commas between them; may be repeated."),
)
@option(
    "--roster",
    type=PathType(),
    metavar="FILE",
    about=_("Who is in the class: a CSV file with the columns id, name, email, section."),
)
@option(
    "--layout",
    type=Choice(LAYOUTS),
    metavar="|".join(LAYOUTS),
    about=_("How FOLDER is arranged, where that is not seen by itself."),
)
@option(
    "--jobs",
    type=Count(MOST_JOBS),
    metavar="N",
    about=_("How many are graded at a time; else as many as there are cores."),
)
@option(
    "--scheduler", metavar="ADDRESS", about=_("Grade on the workers of this Dask scheduler instead of on this machine.")
)
@option("--regrade", is_flag=True, about=_("Grade also what has not changed since it was graded."))
@option("--fail-fast", is_flag=True, about=_("Stop at the first submission at which the grader itself fails."))
@option("--dry-run", is_flag=True, about=_("Only say what was found and what would be graded."))
@book_option
@option(
    "--sandbox",
    type=Choice(tuple(SANDBOX_MODES)),
    default="required",
    metavar="|".join(SANDBOX_MODES),
    about=_("Confine submissions as far as possible; or grade only if they can be fully confined; or do not confine."),
)
@option("--time-limit", type=Seconds(), metavar="SECONDS", about=_("Time for each call of a function."))
@option(
    "--format",
    "format_name",
    type=Choice(FORMATS),
    default="text",
    metavar="|".join(FORMATS),
    about=_("How the summary is written; text for people, json for programs."),
)
@course_option
@language_option
@color_option
@option("--verbose", is_flag=True, about=_("Every check that somebody did not pass, every path, every name."))
def command(
    *,
    folder: Path,
    out: Path | None,
    names: tuple[str, ...],
    students: tuple[str, ...],
    roster: Path | None,
    layout: str | None,
    jobs: int | None,
    scheduler: str | None,
    regrade: bool,
    fail_fast: bool,
    dry_run: bool,
    address: str | None,
    sandbox: str,
    time_limit: float | None,
    format_name: str,
    course: Path | None,
    lang: str | None,
    no_color: bool,
    verbose: bool,
) -> int:
    """Grade a whole cohort."""
    from grader.batch import Layout, Settings, find_cohort, held_out, prepare, read_roster, summarize  # noqa: PLC0415
    from grader.gradebook import gradebook_at, open_gradebook, read_policy, require_course  # noqa: PLC0415 - likewise

    if out is None:
        raise UsageError(_("Say where to write to: `grade batch FOLDER --out OUT`."))
    opened, translator = open_course(course, lang)
    policy = read_policy(opened)
    view = view_for(translator, environment=os.environ, no_color=no_color, verbose=verbose)
    cohort = find_cohort(
        folder,
        exercises=opened.exercises,
        wanted=[opened.exercise(name) for name in names],
        roster=None if roster is None else read_roster(roster),
        layout=None if layout is None else Layout(layout),
        students=[name.strip() for given in students for name in given.split(",") if name.strip()],
    )
    settings = Settings(
        language=translator.language,
        sandbox=SANDBOX_MODES[sandbox],
        time_limit=time_limit,
        regrade=regrade,
        fail_fast=fail_fast,
    )
    where = gradebook_at(out, address)
    if dry_run:
        plan = _plan_only(opened, cohort, settings, where)
        _deliver(summarize(cohort, plan, translator), format_name, view, out, dry=True)
        return Exit.PASSED
    hire = _workers(scheduler, jobs)
    with held_out(out), open_gradebook(where) as book:
        require_course(book, opened)
        plan = prepare(opened, cohort, settings, book)
        summary, code = _graded(
            (opened, cohort, plan, settings),
            book,
            policy,
            hire=hire,
            out=out,
            translator=translator,
            color=view.color or not no_color,
        )
    _deliver(summary, format_name, view, out, dry=False)
    return code


def _plan_only(course: Course, cohort: Cohort, settings: Settings, where: Path | str) -> Plan:
    from grader.batch import prepare  # noqa: PLC0415 - help does not wait for it
    from grader.gradebook import open_gradebook, require_course  # noqa: PLC0415 - likewise

    if isinstance(where, Path) and not where.exists():
        return prepare(course, cohort, settings, None)
    with open_gradebook(where, create=False) as book:
        require_course(book, course)
        return prepare(course, cohort, settings, book)


def _workers(scheduler: str | None, jobs: int | None) -> Hire:
    """Who grades. Raises UsageError where there is no such scheduler, or no way to speak to one."""
    from grader.batch import on_this_machine  # noqa: PLC0415 - help does not wait for it

    if scheduler is None:
        return on_this_machine(jobs)
    if jobs is not None:
        raise UsageError(_("--jobs is for this machine; on a cluster, its workers say how many there are."))
    from grader.batch.cluster import on_cluster  # noqa: PLC0415 - needs an extra

    return on_cluster(scheduler)


def _graded(
    order: tuple[Course, Cohort, Plan, Settings],
    book: Gradebook,
    policy: Policy,
    *,
    hire: Hire,
    out: Path,
    translator: Translator,
    color: bool,
) -> tuple[BatchSummary, Exit]:
    """Grade what is to grade, and write what is about the whole."""
    from grader.batch import Keeper, run_batch, summarize  # noqa: PLC0415 - help does not wait for it
    from grader.gradebook import overview  # noqa: PLC0415 - likewise

    course, cohort, plan, settings = order
    keeper = Keeper(out, book, course, policy, translator)
    keeper.begin(cohort.students, plan.handings)
    with BatchProgress(translator, color=color) as progress:
        ended = run_batch(course, plan, settings, hire=hire, keeper=keeper, observer=progress)
    table = keeper.finish((*cohort.unreadable, *ended.unreadable, *ended.failures))
    summary = summarize(cohort, plan, translator, ended=ended, overview=overview(book, course, table))
    return summary, exit_of(summary, cohort, table)


def exit_of(summary: BatchSummary, cohort: Cohort, table: Sequence[Entry]) -> Exit:
    """How the program ends: what the grader did not manage weighs most."""
    from grader.batch import verdicts_of  # noqa: PLC0415 - help does not wait for it

    if summary.interrupted:
        return Exit.INTERRUPTED
    verdicts = set(verdicts_of(cohort, table))
    if summary.failures or Verdict.UNGRADED in verdicts:
        return Exit.GRADER_FAILED
    return Exit.PASSED if verdicts == {Verdict.PASSED} and not summary.unreadable else Exit.NOT_PASSED


def _deliver(summary: BatchSummary, format_name: str, view: Any, out: Path, *, dry: bool) -> None:
    if format_name == "json":
        import msgspec  # noqa: PLC0415 - help does not wait for it

        write_data(msgspec.json.format(msgspec.json.encode(summary), indent=2).decode() + "\n")
        return
    from grader.cli.batch_pages import summary_text  # noqa: PLC0415 - help does not wait for it

    write_text(summary_text(summary, view, out=out, dry=dry))
    if summary.failures:
        say(f"grade: {view.translator.render(_('the same command again grades what the grader failed at'))}")
