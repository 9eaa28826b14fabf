"""`grade doctor`: what this machine can do, and the remedy for what is missing."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader import __version__
from grader.cli.courses import open_course
from grader.cli.failures import Exit
from grader.cli.helping import Command
from grader.cli.progress import Progress
from grader.cli.settings import color_option, course_option, language_option
from grader.cli.streams import View, view_for, write_text
from grader.course import Dataset
from grader.language import Text, _, reason_of

if TYPE_CHECKING:
    from grader.report.page import Glyphs
    from grader.sandbox.probing import LayerFact

PYTHONS: Final = ((3, 11), (3, 14))
"""The first version that the grader runs on, and the first that it does not."""
PACKAGES: Final = {"tensorflow": "2.21", "keras": "3", "numpy": "2", "scikit-learn": "1", "pytest": "", "nbformat": "5"}
"""What grading needs, and how its version begins."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. It is needed and missing where it does not work and has a `remedy`."""

    name: str
    works: bool
    detail: Text | str
    remedy: Text | None = None

    @property
    def is_missing(self) -> bool:
        """Whether something can and should be done about it."""
        return not self.works and self.remedy is not None


@click.command(
    cls=Command,
    usage="doctor [OPTIONS]",
    about=_("Show what this machine can do, and the remedy for what is missing; ends with 1 if something is."),
)
@course_option
@language_option
@color_option
def command(*, course: Path | None, lang: str | None, no_color: bool) -> int:
    """Look at everything that grading needs."""
    opened, translator = open_course(course, lang)
    view = view_for(translator, environment=os.environ, no_color=no_color)
    with Progress(translator, color=view.color, verbose=False) as progress:
        progress(_("Trying what this machine can confine…"))
        sections = {
            _("Versions"): [python_finding(), *map(package_finding, PACKAGES)],
            _("Confinement"): confinement_findings(),
            _("Data and cache"): [*data_findings(opened.dataset), cache_finding()],
        }
    write_text(doctor_page(sections, view))
    missing = any(finding.is_missing for findings in sections.values() for finding in findings)
    return Exit.NOT_PASSED if missing else Exit.PASSED


def python_finding() -> Finding:
    """Whether the running Python is one that the grader supports."""
    first, beyond = PYTHONS
    version = ".".join(map(str, sys.version_info[:3]))
    remedy = _(
        "Install Python {first} or newer, but older than {beyond}.", first=_dotted(first), beyond=_dotted(beyond)
    )
    return Finding("python", first <= sys.version_info[:2] < beyond, version, remedy)


def package_finding(name: str) -> Finding:
    """Whether a package is installed in a version that fits. Imports nothing."""
    wanted = PACKAGES[name]
    remedy = _("Install it: `pip install {name}`.", name=f"{name}=={wanted}.*" if wanted else name)
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding(name, works=False, detail=_("not installed"), remedy=remedy)
    return Finding(name, f"{version}.".startswith(f"{wanted}." if wanted else ""), version, remedy)


def confinement_findings() -> list[Finding]:
    """Every layer of confinement, tried in a real process."""
    return [_from_layer(fact) for fact in _probe()]


def data_findings(dataset: Dataset | None) -> Iterable[Finding]:
    """Whether the course's images are there, and the recorded ones."""
    if dataset is None:
        return
    remedy = _("Install the course again; its file {file} was changed or lost.", file=str(dataset.file))
    try:
        with dataset.file.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        yield Finding("data", works=False, detail=_("cannot be read: {reason}", reason=reason_of(error)), remedy=remedy)
        return
    yield Finding("data", found == dataset.sha256, f"{dataset.file.name}, SHA-256 {found}", remedy)


def cache_finding() -> Finding:
    """Whether accuracies can be remembered."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - help does not wait for it

    folder = user_cache_path("grader")
    remedy = _("Make {folder} writable; without it every model is trained again.", folder=str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return Finding("cache", works=True, detail=str(folder))
    except OSError as error:
        return Finding(
            "cache",
            works=False,
            detail=_("{folder}: {reason}", folder=str(folder), reason=reason_of(error)),
            remedy=remedy,
        )


def doctor_page(sections: dict[Text, list[Finding]], view: View) -> str:
    """All findings in lines of at most `view.width` cells, each missing one with its remedy."""
    from rich.text import Text as Line  # noqa: PLC0415 - help does not wait for it

    from grader.report.page import new_page, safe  # noqa: PLC0415 - likewise

    render = view.translator.render
    page = new_page(view.width, unicode=view.unicode)
    page.row(Line.assemble(("grader", "bold cyan"), " ", safe(__version__)))
    names = [finding.name for findings in sections.values() for finding in findings]
    cells = max(map(len, names))
    for heading, findings in sections.items():
        page.blank()
        page.row(safe(render(heading), "bold"))
        for finding in findings:
            first = Line.assemble(_sign(finding, page.glyphs), f" {finding.name.ljust(cells)}  ")
            page.block(render(finding.detail), first=first, rows=3)
            if finding.is_missing and finding.remedy is not None:
                page.block(render(finding.remedy), indent=2, first=f"{page.glyphs.arrow} ", style="yellow", rows=6)
    missing = sum(finding.is_missing for findings in sections.values() for finding in findings)
    page.blank()
    if missing:
        sentence = _("Missing of these: {count}. The arrows say what to do.", count=missing)
        page.block(render(sentence), style="bold yellow")
    else:
        page.block(render(_("Everything that is needed is here.")), style="green")
    return page.text(color=view.color)


def _sign(finding: Finding, glyphs: Glyphs) -> tuple[str, str]:
    """The sign of a finding, and its style. What may be missing is not shown as a failure."""
    if finding.works:
        return glyphs.passed, "green"
    return (glyphs.failed, "red") if finding.is_missing else (glyphs.not_run, "dim")


def _probe() -> tuple[LayerFact, ...]:
    from grader.sandbox.probing import probe  # noqa: PLC0415 - help does not wait for it

    return probe()


def _from_layer(fact: LayerFact) -> Finding:
    return Finding(fact.name, fact.works, fact.detail, fact.remedy)


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
