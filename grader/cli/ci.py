"""`grade ci`: what a pull request changes."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.cli.courses import open_course
from grader.cli.failures import Exit
from grader.cli.grading import exit_of
from grader.cli.helping import Command, option
from grader.cli.languages import choose_language
from grader.cli.progress import Progress
from grader.cli.rendering import FORMATS
from grader.cli.settings import (
    PathType,
    color_option,
    course_option,
    language_option,
    sandbox_option,
    time_limit_option,
)
from grader.cli.streams import FILE_WIDTH, View, say, view_for, write_data, write_file, write_text
from grader.course import Course, read_course
from grader.errors import UsageError
from grader.language import PROGRAM_CATALOGS, Translator, _, reason_of
from grader.records import SANDBOX_MODES

if TYPE_CHECKING:
    from grader.ci import Collected, Graded, Repository
    from grader.ci.records import Notice

COLLECTED_FILE: Final = "collected.json"
GRADED_FILE: Final = "graded.json"
FILES: Final = {
    "report.json": "json",
    "junit.xml": "junit",
    "result.json": "classroom50",
    "report.html": "html",
}
"""Files of `--reports`, by the format that each is in."""


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for."""

    course: Path | None
    language: str | None
    root: str
    base: str | None
    head: str | None
    names: tuple[str, ...]
    everything: bool


@click.command(
    cls=Command,
    usage="ci [OPTIONS]",
    about=_(
        "Grade what a pull request changes. Base and head are found from GitHub Actions or GitLab CI, or named. The "
        "submissions are read from the head; the course, its checks and everything else are taken from the base, and "
        "changes to them are listed and have no effect."
    ),
)
@option("--base", metavar="COMMIT", about=_("What the change is compared with, such as main."))
@option("--head", metavar="COMMIT", about=_("What is graded; the platform's own, or HEAD."))
@option("--exercise", "names", multiple=True, metavar="EXERCISE", about=_("Only this exercise; may be repeated."))
@option("--all", "everything", is_flag=True, about=_("Every exercise that the head has a submission for."))
@option("--root", default="", metavar="FOLDER", about=_("The course's folder in the repository, if it is not its top."))
@option(
    "--reports", type=PathType(), metavar="FOLDER", about=_("Write the reports there, in every format that a CI reads.")
)
@option(
    "--collect",
    type=PathType(),
    metavar="FOLDER",
    about=_("Do not grade: write the submissions there as data, for a job that is trusted."),
)
@option("--from", "given", type=PathType(), metavar="FOLDER", about=_("Grade what another job has collected there."))
@option(
    "--publish",
    type=PathType(),
    metavar="FOLDER",
    about=_("Do not grade: write what --reports has put there as a comment and a check on GitHub; needs GITHUB_TOKEN."),
)
@sandbox_option("required")
@time_limit_option
@course_option
@language_option
@color_option
def command(
    *,
    base: str | None,
    head: str | None,
    names: tuple[str, ...],
    everything: bool,
    root: str,
    reports: Path | None,
    collect: Path | None,
    given: Path | None,
    publish: Path | None,
    sandbox: str,
    time_limit: float | None,
    course: Path | None,
    lang: str | None,
    no_color: bool,
) -> int:
    """Grade a request."""
    if publish is not None:
        _publish(publish, lang)
        return Exit.PASSED
    order = Order(course, lang, _folder_of(root), base, head, names, everything)
    with tempfile.TemporaryDirectory(prefix="grade-base-") as folder:
        if given is not None:
            opened, translator = open_course(course, lang)
            collected = _given(given)
        else:
            opened, translator, collected = _read(order, Path(folder))
        if collect is not None:
            _write_collected(collected, collect, translator)
            return Exit.PASSED
        return _graded(
            opened,
            collected,
            translator,
            sandbox=sandbox,
            time_limit=time_limit,
            reports=reports,
            no_color=no_color,
        )


def _folder_of(root: str) -> str:
    """The course's folder as git names it. Raises UsageError for one that is not in the repository."""
    parts = [part for part in root.split("/") if part not in {"", "."}]
    if root.startswith("/") or ".." in parts:
        raise UsageError(_("{root} is no folder in the repository; name one as git does.", root=root))
    return "/".join(parts)


def _read(order: Order, folder: Path) -> tuple[Course, Translator, Collected]:
    """The base's course and the head's submissions. Raises UsageError."""
    import msgspec  # noqa: PLC0415 - help does not wait for it

    from grader.ci import Asked, Repository, collect, find_request  # noqa: PLC0415 - help does not wait for it

    repository = Repository(Path.cwd())
    request = find_request(os.environ, base=order.base, head=order.head)
    base, head = repository.resolve(request.base), repository.resolve(request.head)
    course, translator, notices = _course_of(repository, base, order, folder)
    for name in order.names:
        course.exercise(name)
    asked = Asked(base, head, request.number, order.names, order.everything)
    collected = collect(repository, course, asked, order.root)
    return course, translator, msgspec.structs.replace(collected, notices=(*notices, *collected.notices))


def _course_of(
    repository: Repository, base: str, order: Order, folder: Path
) -> tuple[Course, Translator, tuple[Notice, ...]]:
    """The course that was named, else the base's own, else the built-in one. Raises UsageError."""
    from grader.ci.collecting import export_course  # noqa: PLC0415 - help does not wait for it

    if order.course is not None:
        return *open_course(order.course, order.language), ()
    notices = export_course(repository, base, order.root, folder)
    if notices is None:
        if order.root:
            raise UsageError(_("The base has no course in {root}.", root=order.root))
        from grader.course import builtin_folder  # noqa: PLC0415 - rarely needed

        return *open_course(builtin_folder(), order.language), ()
    course = read_course(folder)
    chosen = choose_language(order.language, course.languages, os.environ, otherwise=course.language)
    return course, Translator(chosen, (PROGRAM_CATALOGS, *course.catalogs)), notices


def _given(folder: Path) -> Collected:
    """What another job has collected, of the head that it ran for where the platform says so. Raises UsageError."""
    from grader.ci import find_origin, read_collected  # noqa: PLC0415 - help does not wait for it

    found = read_collected(folder / COLLECTED_FILE)
    origin = find_origin(os.environ)
    if origin is not None and origin.head != found.head:
        raise UsageError(
            _("The submissions in {folder} are not those of the run that this job follows.", folder=str(folder))
        )
    return found


def _publish(folder: Path, language: str | None) -> None:
    """Write what was graded to the platform. Raises UsageError and InternalError."""
    from grader.ci import find_origin, read_kept  # noqa: PLC0415 - help does not wait for it
    from grader.ci.platform import Platform  # noqa: PLC0415 - speaks to a network
    from grader.ci.publishing import publish  # noqa: PLC0415 - likewise

    graded, graded_in = read_kept(folder / GRADED_FILE)
    translator = Translator(language or graded_in, (PROGRAM_CATALOGS,))
    for told in publish(graded, translator, Platform.of(os.environ), find_origin(os.environ)):
        say(f"grade: {translator.render(told)}")


def _write_collected(collected: Collected, folder: Path, translator: Translator) -> None:
    import msgspec  # noqa: PLC0415 - help does not wait for it

    _make(folder)
    write_file(folder / COLLECTED_FILE, msgspec.json.encode(collected).decode())
    count = _("collected in {folder}; submissions: {count}", folder=str(folder), count=len(collected.submissions))
    say(f"grade: {translator.render(count)}")


def _graded(
    course: Course,
    collected: Collected,
    translator: Translator,
    *,
    sandbox: str,
    time_limit: float | None,
    reports: Path | None,
    no_color: bool,
) -> int:
    from grader.ci import Graded, grade_collected  # noqa: PLC0415 - help does not wait for it

    # The log of GitHub Actions is obeyed line by line: not while anything is there that a submission has a say in.
    with _obeying_nothing():
        if collected.submissions:
            from grader.grading import GradingOptions  # noqa: PLC0415 - nothing to grade does not wait for it

            options = GradingOptions(
                language=translator.language, sandbox=SANDBOX_MODES[sandbox], time_limit=time_limit
            )
            colored = not (no_color or os.environ.get("NO_COLOR"))
            with Progress(translator, color=colored, verbose=False) as progress:
                graded = grade_collected(course, collected, options, translator, progress)
        else:
            graded = Graded(collected, (), {})
    _write_job_files(graded, translator)
    if reports is not None:
        _write_reports(graded, translator, reports)
    _show(graded, view_for(translator, environment=os.environ, no_color=no_color))
    return exit_of(graded.entries) if graded.entries else Exit.PASSED


@contextlib.contextmanager
def _obeying_nothing() -> Iterator[None]:
    """Until the end of the block, no line of the log is a command, except where nothing would obey any."""
    if not _is_on_github():
        yield
        return
    token = f"grader-{secrets.token_hex(16)}"
    write_text(f"::stop-commands::{token}\n")
    try:
        yield
    finally:
        write_text(f"\n::{token}::\n")


def _is_on_github() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _show(graded: Graded, view: View) -> None:
    """The log: on GitHub annotations first, and the words of the report where no line of them is a command."""
    from grader.ci import summary  # noqa: PLC0415 - help does not wait for it

    if _is_on_github() and graded.entries:
        write_data(FORMATS["github"].many(graded.entries, view))
    with _obeying_nothing():
        write_text(summary(graded, view.translator))


def _write_job_files(graded: Graded, translator: Translator) -> None:
    """What GitHub Actions reads after a step: the outputs and the summary. Only numbers and our own words go there."""
    from grader.ci import summary, totals  # noqa: PLC0415 - help does not wait for it

    found = totals(graded)
    score = "" if found.score is None else _plain(found.score)
    values = {"score": score, "max-score": _plain(found.possible), "verdict": found.verdict}
    _append("GITHUB_OUTPUT", "".join(f"{name}={value}\n" for name, value in values.items()))
    _append("GITHUB_STEP_SUMMARY", summary(graded, translator))


def _plain(points: float) -> str:
    """Points as a number for programs: no exponent, no trailing zeros."""
    return f"{points:.6f}".rstrip("0").rstrip(".")


def _append(variable: str, text: str) -> None:
    path = os.environ.get(variable)
    if not path or not _is_on_github():
        return
    try:
        with Path(path).open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        raise UsageError(_("{path} cannot be written: {reason}.", path=path, reason=reason_of(error))) from error


def _write_reports(graded: Graded, translator: Translator, folder: Path) -> None:
    from grader.ci import code_quality, comment, kept, summary  # noqa: PLC0415 - help does not wait for it

    _make(folder)
    view = View(translator, FILE_WIDTH, color=False, unicode=True)
    for name, form in FILES.items():
        write_file(folder / name, FORMATS[form].many(graded.entries, view))
    write_file(folder / GRADED_FILE, kept(graded, translator).decode())
    write_file(folder / "summary.md", summary(graded, translator))
    write_file(folder / "comment.md", comment(graded, translator))
    write_file(folder / "code-quality.json", code_quality(graded, translator))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(_("{path} cannot be written: {reason}.", path=str(folder), reason=reason_of(error))) from error
