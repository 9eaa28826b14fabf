"""Pure renderers: a report goes in, a string comes out, nothing else happens.

What a renderer needs (rich, Jinja, matplotlib) is imported when it is called; importing this package does not.
Nothing that is foreign, above all a submission's own text, can be anything but text in what comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.language import Translator
from grader.records import Report
from grader.report.absent import NoSubmission
from grader.report.classroom50 import Classroom
from grader.report.cohort import CohortEntry
from grader.report.density import SCREEN
from grader.report.escaping import clip, terminal_safe
from grader.report.gradescope import GRADESCOPE_VISIBILITIES, GradescopeVisibility
from grader.report.grouping import is_withheld, next_check
from grader.report.machine import SCHEMA_FILE, read_report, render_json, render_json_list, render_schema, schema

__all__ = [
    "GRADESCOPE_VISIBILITIES",
    "SCHEMA_FILE",
    "Classroom",
    "CohortEntry",
    "Entries",
    "GradescopeVisibility",
    "NoSubmission",
    "clip",
    "is_withheld",
    "next_check",
    "prepare_html",
    "read_report",
    "render_changes",
    "render_classroom50",
    "render_exercism",
    "render_github",
    "render_gradescope",
    "render_html",
    "render_index",
    "render_json",
    "render_json_list",
    "render_junit",
    "render_lines",
    "render_markdown",
    "render_overview",
    "render_schema",
    "render_text",
    "schema",
    "terminal_safe",
]

Entries = Sequence[Report | NoSubmission]
"""What the renderers take: `[report]` for one report, as many as there are for a whole course."""


def render_changes(
    before: Report, after: Report, translator: Translator, *, width: int = 80, color: bool = False, unicode: bool = True
) -> str:
    """What is different in `after` from `before`, a run of the same exercise, for a terminal of `width` cells."""
    from grader.report.changes_page import changes_page  # noqa: PLC0415 - imports rich

    return changes_page(before, after, translator, width=width, unicode=unicode).text(color=color)


def render_text(
    report: Report,
    translator: Translator,
    *,
    width: int = 80,
    height: int = SCREEN,
    color: bool = False,
    unicode: bool = True,
    verbose: bool = False,
    sign: str = "",
) -> str:
    """`report` as lines of at most `width` cells (40 to 100), for reading in a terminal that shows `height` of them.

    The sentences of the page are in `translator`'s language, those of the report in the report's own. With `color`
    the lines hold SGR sequences, and no other control character but the newline in any case. Without `unicode` the
    signs of the page are ASCII. `verbose` shows every check, every note, and what the run used. `sign` stands before
    a command that is to be typed, such as `%` in a notebook.
    """
    from grader.report.terminal import report_page  # noqa: PLC0415 - rich is imported only where text is rendered

    page = report_page(report, translator, width=width, height=height, unicode=unicode, verbose=verbose, sign=sign)
    return page.text(color=color)


def render_overview(
    entries: Sequence[Report | NoSubmission],
    translator: Translator,
    *,
    width: int = 80,
    color: bool = False,
    unicode: bool = True,
) -> str:
    """A line for each of `entries`, in order, with the functions that need work, and the points of all together.

    Exercises without a submission give no points and ask for none; an ungraded one likewise.
    """
    from grader.report.overview import overview_page  # noqa: PLC0415 - rich is imported only where text is rendered

    return overview_page(entries, translator, width=width, unicode=unicode).text(color=color)


def render_html(entries: Entries, translator: Translator) -> str:
    """`entries` as one self-contained page for a browser.

    It needs no network and no script, and its own policy forbids both. It links to nothing: a student gets it alone.
    """
    from grader.report.html.report_page import report_page  # noqa: PLC0415 - imports Jinja

    return report_page(entries, translator)


def prepare_html(translator: Translator, *, drawings: bool) -> None:
    """Load what the pages are made with, with `drawings` or without, for a caller who has time before the first."""
    render_html((), translator)
    render_index((), translator, title="")
    if drawings:
        from grader.report.plots import curves  # noqa: PLC0415 - imports matplotlib

        curves((0.0,), (0.0,), prefix="", title="")


def render_index(entries: Iterable[CohortEntry], translator: Translator, *, title: str) -> str:
    """The overview of a class as one page: distribution, checks, wrong answers, what could not be graded, students.

    Each entry is looked at once. The page reads without its one small script, which sorts and filters the students.
    """
    from grader.report.html.index_page import index_page  # noqa: PLC0415 - imports Jinja

    return index_page(entries, translator, title=title)


def render_markdown(entries: Entries, translator: Translator, *, limit: int = 65_536) -> str:
    """`entries` as Markdown for GitHub, of at most `limit` bytes of UTF-8, cut between two checks."""
    from grader.report.markdown import markdown_page  # noqa: PLC0415 - used by few commands

    return markdown_page(entries, translator, limit=limit)


def render_junit(entries: Entries, translator: Translator) -> str:
    """The reports of `entries` as JUnit XML (xunit2), a suite for each exercise, with points as its properties."""
    from grader.report.junit import junit_xml  # noqa: PLC0415 - used by few commands

    return junit_xml(entries, translator)


def render_gradescope(entries: Entries, translator: Translator, *, hidden: GradescopeVisibility = "visible") -> str:
    """The reports of `entries` as Gradescope's `results.json`; without a score where one of them has none.

    `hidden` is the visibility of hidden checks. A student may read all that their feedback says, so that it is
    `visible` unless the instructor wants them to wait.
    """
    from grader.report.gradescope import gradescope_json  # noqa: PLC0415 - used by few commands

    return gradescope_json(entries, translator, hidden=hidden)


def render_classroom50(entries: Entries, translator: Translator, *, facts: Classroom) -> str:
    """The reports of `entries` as Classroom 50's `result.json`, in hundredths of a point."""
    from grader.report.classroom50 import classroom50_json  # noqa: PLC0415 - used by few commands

    return classroom50_json(entries, translator, facts=facts)


def render_exercism(entries: Entries, translator: Translator) -> str:
    """The reports of `entries` as an Exercism `results.json`, version 3, within its limits."""
    from grader.report.exercism import exercism_json  # noqa: PLC0415 - used by few commands

    return exercism_json(entries, translator)


def render_lines(entries: Entries, translator: Translator) -> str:
    """The problems in `entries` as a compiler would write them: `path:line:column: error: words`, a line each.

    After those of a report stands a line with its exercise and points.
    """
    from grader.report.lines import problem_lines  # noqa: PLC0415 - used by few commands

    return problem_lines(entries, translator)


def render_github(entries: Entries, translator: Translator, *, root: str = "") -> str:
    """The reports of `entries` as GitHub workflow commands, at most ten of a kind, the most useful first.

    `root` is the folder that the paths of annotations begin in; submissions outside of it keep theirs.
    """
    from grader.report.github import github_commands  # noqa: PLC0415 - used by few commands

    return github_commands(entries, translator, root=root)
