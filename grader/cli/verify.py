"""`grade verify`: a course checked as a compiler checks a program."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.cli.courses import open_course
from grader.cli.failures import Exit
from grader.cli.helping import Command, option
from grader.cli.progress import Progress
from grader.cli.settings import PathType, color_option, course_option, format_option, language_option, sandbox_option
from grader.cli.streams import View, check_writable, view_for, write_data, write_file, write_text
from grader.course import Course, in_language
from grader.errors import UsageError
from grader.language import Translator, _
from grader.records import SANDBOX_MODES

if TYPE_CHECKING:
    from grader.verification import Mutation, MutationRun, Verification

FORMATS: Final = ("text", "json")
MOST: Final = 100_000


class Number(click.ParamType[int]):
    """A whole number from 0 on."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, _ctx: click.Context | None) -> int:
        """The number. Raises UsageError for anything else."""
        text = str(value)
        if not (text.isascii() and text.isdigit()) or int(text[:9]) > MOST:
            raise UsageError(
                _(
                    "{option} must be a whole number from 0 to {most}, not {value}.",
                    option=param.opts[0] if param else self.name,
                    most=MOST,
                    value=text,
                )
            )
        return int(text)


@click.command(
    cls=Command,
    usage="verify [EXERCISE...] [OPTIONS]",
    about=_(
        "Check the course itself: stubs earn nothing, solutions earn everything in any order of the checks, every "
        "check is failed by a wrong answer that says so, titles and hints exist in every language, points add up, and "
        "thresholds have room. Ends with 1 if anything is wrong."
    ),
)
@click.argument("names", metavar="EXERCISE", nargs=-1)
@option("--runs", type=Number(), default=10, metavar="N", about=_("How often each solution is graded; 10 otherwise."))
@option("--seeds", type=Number(), default=3, metavar="N", about=_("How many seeds to train with; 3 otherwise."))
@option(
    "--mutants",
    type=Number(),
    default=0,
    metavar="N",
    about=_("Grade N small changes to the solutions as well, and show those that no check catches."),
)
@option("--report", type=PathType(), metavar="FILE", about=_("Write a page (.html) or JSON (.json) there."))
@sandbox_option("auto")
@format_option(FORMATS, _("How it is written; text for people, json for programs."))
@course_option
@language_option
@color_option
def command(
    *,
    names: tuple[str, ...],
    runs: int,
    seeds: int,
    mutants: int,
    report: Path | None,
    sandbox: str,
    format_name: str,
    course: Path | None,
    lang: str | None,
    no_color: bool,
) -> int:
    """Verify a course."""
    import msgspec  # noqa: PLC0415 - help does not wait for it

    from grader.grading import GradingOptions  # noqa: PLC0415 - likewise
    from grader.verification import Depth, MutationRun, verify  # noqa: PLC0415 - likewise
    from grader.workers.machine import cores  # noqa: PLC0415 - likewise

    if report is not None:
        check_writable(report)
    opened, translator = open_course(course, lang)
    exercises = [opened.exercise(name) for name in names] or list(opened.exercises)
    colored = not (no_color or os.environ.get("NO_COLOR"))
    options = GradingOptions(language=translator.language, sandbox=SANDBOX_MODES[sandbox])
    with Progress(translator, color=colored, verbose=True) as progress:
        depth = Depth(runs=max(runs, 1), seeds=seeds)
        found = verify(opened, options, exercises, depth, progress, jobs=cores())
        if mutants:
            run = MutationRun.of(opened, exercises, mutants)
            longest = max((timing.call_seconds for timing in found.timings), default=0.0)
            mutation = _mutated(run, sandbox, longest, translator, progress)
            found = msgspec.structs.replace(found, mutation=mutation)
    view = view_for(translator, environment=os.environ, no_color=no_color)
    _deliver(found, opened, view, format_name, report)
    return Exit.PASSED if found.passed else Exit.NOT_PASSED


def _mutated(run: MutationRun, sandbox: str, longest: float, translator: Translator, progress: Progress) -> Mutation:
    """Grade the mutants, on all cores. Raises InternalError."""
    from grader.verification import run_mutants  # noqa: PLC0415 - help does not wait for it
    from grader.workers.hiring import on_this_machine  # noqa: PLC0415 - likewise

    every = max(len(run.mutants) // 20, 1)

    def tell(done: int, count: int) -> None:
        if done % every == 0 or done == count:
            progress(_("Mutants: {done} of {count}", done=done, count=count))

    return run_mutants(
        run,
        on_this_machine(),
        language=translator.language,
        sandbox=SANDBOX_MODES[sandbox],
        longest=longest,
        progress=tell,
    )


def _deliver(found: Verification, course: Course, view: View, format_name: str, report: Path | None) -> None:
    import msgspec  # noqa: PLC0415 - help does not wait for it

    from grader.cli.verify_pages import verification_text  # noqa: PLC0415 - likewise
    from grader.verification import verification_html  # noqa: PLC0415 - likewise

    data = msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"
    if report is not None and report.suffix.casefold() == ".json":
        write_file(report, data)
    elif report is not None:
        title = in_language(course.title, view.translator.language)
        write_file(report, verification_html(found, view.translator, title=title))
    if format_name == "json":
        write_data(data)
    else:
        write_text(verification_text(found, view))
