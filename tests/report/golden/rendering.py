"""The golden reports and how each of them is rendered, for the command that records them and the test that compares."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from grader.language import Translator
from grader.records import Report
from grader.report import (
    Classroom,
    read_report,
    render_classroom50,
    render_exercism,
    render_github,
    render_gradescope,
    render_html,
    render_junit,
    render_lines,
    render_markdown,
    render_text,
)

FOLDER: Final = Path(__file__).parent
FACTS: Final = Classroom(
    classroom="deep-learning",
    assignment="exercise",
    owner="student",
    submission="submit/2026-03-01T09-00-00Z-abc1234",
    commit="https://example.org/commit/abc1234",
    release="https://example.org/releases/1",
    review="https://example.org/commit/abc1234",
    datetime="2026-03-01T09:00:00Z",
    graded_at="2026-03-01T09:05:00Z",
)
RENDERERS: Final[dict[str, Callable[[Report, Translator], str]]] = {
    "screen.txt": render_text,
    "text.txt": lambda report, translator: render_text(report, translator, verbose=True),
    "page.html": lambda report, translator: without_drawings(render_html([report], translator)),
    "markdown.md": lambda report, translator: render_markdown([report], translator),
    "junit.xml": lambda report, translator: render_junit([report], translator),
    "gradescope.json": lambda report, translator: render_gradescope([report], translator),
    "classroom50.json": lambda report, translator: render_classroom50([report], translator, facts=FACTS),
    "exercism.json": lambda report, translator: render_exercism([report], translator),
    "github.txt": lambda report, translator: render_github([report], translator),
    "lines.txt": lambda report, translator: render_lines([report], translator),
}


def names() -> list[str]:
    """The golden reports, such as `never_built.ko`."""
    return sorted(file.stem for file in (FOLDER / "reports").glob("*.json"))


def report_named(name: str) -> Report:
    """One of them."""
    return read_report((FOLDER / "reports" / f"{name}.json").read_bytes())


def rendered(name: str, form: str) -> str:
    """It, in one of the forms, in its own language."""
    report = report_named(name)
    return RENDERERS[form](report, Translator(report.language))


def without_drawings(page: str) -> str:
    """A page without its style and with drawings and images by their titles only; those are looked at in a browser."""
    page = re.sub(r"<style>.*?</style>", "<style></style>", page, flags=re.DOTALL)
    page = re.sub(r"sha256-[A-Za-z0-9+/=]*", "sha256-...", page)
    page = re.sub(r"(<svg[^>]*>)\s*(<title.*?</title>).*?</svg>", r"\1\2</svg>", page, flags=re.DOTALL)
    return re.sub(r"base64,[A-Za-z0-9+/=]*", "base64,...", page)
