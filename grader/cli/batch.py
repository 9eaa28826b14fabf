"""`grade batch FOLDER --out OUT`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from grader.cli.batch_progress import BatchProgress
from grader.cli.failures import Exit
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
    sandbox_option,
    time_limit_option,
)
from grader.cli.streams import say, view_for, write_data, write_text
from grader.errors import UsageError
from grader.language import Translator, _
from grader.records import SANDBOX_MODES

if TYPE_CHECKING:
    from grader.batch import BatchSummary, Ended, Keeper, Plan
    from grader.cohort import Cohort, Survey
    from grader.course import Course
    from grader.workers.hiring import Hire, Workers
    from grader.workers.settings import Settings

ROSTER_FILE: Final = "roster.csv"
"""The roster of the last batch, in OUT: without it, students would have other ids in the next."""
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
@sandbox_option("required")
@time_limit_option
@format_option(FORMATS, _("How the summary is written; text for people, json for programs."))
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
    if out is None:
        raise UsageError(_("Say where to write to: `grade batch FOLDER --out OUT`."))
    if not folder.exists():
        from grader.cohort import not_there  # noqa: PLC0415 - help does not wait for it

        raise not_there(folder)
    if out.exists() and out.samefile(folder):
        raise UsageError(_("OUT cannot be FOLDER itself, whose files are what students handed in. Name another."))
    # All of a new cohort is to grade: whoever grades can import while everything else is made ready.
    is_new = address is None and not out.exists()
    with contextlib.ExitStack() as running:
        hire = None if dry_run else _workers(scheduler, jobs, running, early=is_new)
        from grader.cli.courses import open_course  # noqa: PLC0415 - begun first: whoever imports what submissions need
        from grader.cohort import Layout, find_cohort, imports_for, read_roster, survey  # noqa: PLC0415 - help does not wait for it
        from grader.workers.settings import Settings  # noqa: PLC0415 - likewise

        opened, translator = open_course(course, lang)
        view = view_for(translator, environment=os.environ, no_color=no_color, verbose=verbose)
        roster = roster or _last_roster(out, translator)
        cohort = find_cohort(
            folder,
            exercises=opened.exercises,
            wanted=[opened.exercise(name) for name in names],
            roster=None if roster is None else read_roster(roster),
            layout=None if layout is None else Layout(layout),
            students=[name.strip() for given in students for name in given.split(",") if name.strip()],
            without=out,
        )
        found = survey(cohort)
        settings = Settings(
            language=translator.language,
            sandbox=SANDBOX_MODES[sandbox],
            time_limit=time_limit,
            regrade=regrade,
            fail_fast=fail_fast,
        )
        if hire is None:
            planned = _planned((opened, cohort, found, settings), (out, address), translator, named=course is not None)
            _deliver(planned, format_name, view, out, dry=True)
            return Exit.PASSED

        def hired(imports: tuple[str, ...]) -> Workers:
            return running.enter_context(contextlib.closing(hire(settings.setup(opened, imports))))

        begun = hired(imports_for(opened, found.seen)) if is_new and found.seen else None
        summary, code = _graded(
            (opened, cohort, found, settings),
            (out, address),
            lambda plan: begun or hired(plan.imports),
            translator,
            color=view.color or not no_color,
            named=course is not None,
        )
    if roster is not None:
        _keep_roster(roster, out)
    _deliver(summary, format_name, view, out, dry=False)
    return code


def _last_roster(out: Path, translator: Translator) -> Path | None:
    """The roster of the last batch, if it had one, and a line that says so."""
    from grader.submission.wording import printable  # noqa: PLC0415 - help does not wait for it

    file = out / ROSTER_FILE
    if not file.is_file():
        return None
    sentence = _("the roster is that of the last batch, {file}", file=printable(str(file)))
    say(f"grade: {translator.render(sentence)}")
    return file


def _keep_roster(roster: Path, out: Path) -> None:
    """A copy of the roster for the next batch. Raises UsageError where it cannot be written."""
    from grader.batch import write_whole  # noqa: PLC0415 - help does not wait for it

    if not (out / ROSTER_FILE).is_file() or not roster.samefile(out / ROSTER_FILE):
        write_whole(out / ROSTER_FILE, roster.read_bytes())


def _workers(scheduler: str | None, jobs: int | None, running: contextlib.ExitStack, *, early: bool) -> Hire:
    """Who grades. Raises UsageError where there is no such scheduler, or no way to speak to one.

    A process that is begun `early` ends with `running`.
    """
    if scheduler is None:
        from grader.workers.beginning import Nursery  # noqa: PLC0415 - help does not wait for it

        nursery = running.enter_context(contextlib.closing(Nursery())) if early else None
        from grader.workers.hiring import on_this_machine  # noqa: PLC0415 - likewise

        return on_this_machine(jobs, nursery)
    if jobs is not None:
        raise UsageError(_("--jobs is for this machine; on a cluster, its workers say how many there are."))
    from grader.batch.cluster import on_cluster  # noqa: PLC0415 - needs an extra

    return on_cluster(scheduler)


def _planned(
    order: tuple[Course, Cohort, Survey, Settings],
    target: tuple[Path, str | None],
    translator: Translator,
    *,
    named: bool,
) -> BatchSummary:
    """What would be graded; nothing is written."""
    from grader.batch import prepare, summarize  # noqa: PLC0415 - help does not wait for it
    from grader.cli.courses import require_book_course  # noqa: PLC0415 - likewise
    from grader.gradebook import (  # noqa: PLC0415 - likewise
        gradebook_at,
        has_gradebook,
        open_gradebook,
        read_policy,
    )

    course, cohort, found, settings = order
    read_policy(course)
    where = gradebook_at(*target)
    if not has_gradebook(where):
        return summarize(cohort, prepare(course, found, settings, None), translator)
    with open_gradebook(where, create=False, migrating=False) as book:
        require_book_course(book, course, named=named)
        return summarize(cohort, prepare(course, found, settings, book), translator)


def _graded(
    order: tuple[Course, Cohort, Survey, Settings],
    target: tuple[Path, str | None],
    workers: Callable[[Plan], Workers],
    translator: Translator,
    *,
    color: bool,
    named: bool,
) -> tuple[BatchSummary, Exit]:
    """Grade what is to grade, and write everything to `target`: OUT, and the gradebook there or at an address."""
    from grader.batch import Ended, Keeper, held_out, others_in, prepare, run_batch, summarize  # noqa: PLC0415 - as above
    from grader.cli.courses import require_book_course  # noqa: PLC0415 - likewise
    from grader.gradebook import (  # noqa: PLC0415 - likewise
        gradebook_at,
        open_gradebook,
        overview,
        read_policy,
    )

    (course, cohort, found, settings), (out, address) = order, target
    policy = read_policy(course)
    with held_out(out), open_gradebook(gradebook_at(out, address), repeatable=True) as book:
        require_book_course(book, course, named=named)
        plan = prepare(course, found, settings, book)
        keeper = Keeper(out, book, course, policy, translator)
        keeper.begin(cohort.students, plan.handings)
        ended = Ended(unreadable=list(plan.unreadable))
        if plan.tasks:
            with BatchProgress(translator, color=color) as progress:
                try:
                    hired = workers(plan)
                    _load_pages(keeper, plan)
                    run_batch(plan, settings, ended, workers=hired, keeper=keeper, observer=progress)
                except KeyboardInterrupt:
                    ended.interrupted = True
        table = keeper.finish((*cohort.unreadable, *ended.unreadable, *ended.failures), cohort.exercises)
        others = () if cohort.narrowed else others_in(table, cohort)
        summary = summarize(
            cohort, plan, translator, ended=ended, overview=overview(book, course, table), others=others
        )
        return summary, exit_of(summary, plan, ended)


def _load_pages(keeper: Keeper, plan: Plan) -> None:
    """Import what takes as long now as later: whoever grades is importing too."""
    from grader.cli import batch_pages  # noqa: F401, PLC0415 - used at the end

    keeper.make_ready(plan.imports)


def exit_of(summary: BatchSummary, plan: Plan, ended: Ended) -> Exit:
    """How the program ends: what the grader did not manage weighs most, and earlier attempts nothing."""
    from grader.batch import verdicts_of  # noqa: PLC0415 - help does not wait for it
    from grader.records import Verdict  # noqa: PLC0415 - likewise

    if summary.interrupted:
        return Exit.INTERRUPTED
    if summary.failures:
        return Exit.GRADER_FAILED
    passed = verdicts_of(plan, ended) == {Verdict.PASSED} and not summary.unreadable
    return Exit.PASSED if passed else Exit.NOT_PASSED


def _deliver(summary: BatchSummary, format_name: str, view: Any, out: Path, *, dry: bool) -> None:
    if format_name == "json":
        import msgspec  # noqa: PLC0415 - help does not wait for it

        write_data(msgspec.json.format(msgspec.json.encode(summary), indent=2).decode() + "\n")
        return
    from grader.cli.batch_pages import summary_text  # noqa: PLC0415 - help does not wait for it

    write_text(summary_text(summary, view, out=out, dry=dry))
    if summary.failures:
        say(f"grade: {view.translator.render(_('the same command again grades what the grader failed at'))}")
