"""Draws reports for the documentation: as they look in a terminal (SVG), or in a browser (PNG, needs Chromium).

    python scripts/picture.py
    python scripts/picture.py report.json picture.svg [--lang ko] [--width 80] [--light]
    python scripts/picture.py report.json picture.png [--lang ko] [--width 1000] [--height 1100] [--dark]

Without arguments it draws the pictures of the README, from reports that the tests hold. Otherwise `report.json` is what
`grade EXERCISE --format json` writes.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import tempfile
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, DIMMED_MONOKAI
from rich.text import Text

from grader.language import Translator
from grader.records import Report
from grader.report import read_report, render_html
from grader.report.density import SCREEN
from grader.report.terminal import report_page

ROOT = Path(__file__).resolve().parent.parent
SHOWN = ROOT / "tests" / "report" / "golden" / "reports" / "sigmoid_in_the_hidden_layer.en.json"
"""The report that the README shows, in a terminal and in a browser."""
PIECE = re.compile(r"\s+|[\u1100-\uffef]|[^\s\u1100-\uffef]+")
"""Spaces, a word, or one character as wide as two cells."""


def in_pieces(line: Text) -> Text:
    """`line` in pieces that look alike but count as different, so that the SVG places each of them in its own cell.

    Otherwise a font whose characters are not exactly as wide as cells moves everything to the right of them.
    """
    pieces = line.copy()
    for number, match in enumerate(PIECE.finditer(line.plain)):
        pieces.stylize(Style(meta={"piece": number}), match.start(), match.end())
    return pieces


def draw(report: Report, *, language: str, width: int, light: bool, verbose: bool) -> str:
    """The SVG of `report` in a terminal of `width` cells."""
    page = report_page(report, Translator(language), width=width, height=SCREEN, unicode=True, verbose=verbose)
    console = Console(record=True, width=page.width, file=io.StringIO(), force_terminal=True, highlight=False)
    for line in page.lines:
        console.print(in_pieces(line), soft_wrap=True)
    theme = DEFAULT_TERMINAL_THEME if light else DIMMED_MONOKAI
    return console.export_svg(title=f"$ grade {report.exercise}", theme=theme)


def terminal_of_readme() -> str:
    """The picture of a terminal in the README."""
    report = read_report(SHOWN.read_bytes())
    return draw(report, language="en", width=80, light=False, verbose=False)


def photograph(report: Report, picture: Path, *, language: str, width: int, height: int, dark: bool) -> None:
    """Write the top of `report`'s page, as Chromium shows it, to `picture`."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the other kind of picture needs no browser

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "page.html"
        page_file.write_text(render_html([report], Translator(language)), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", device_scale_factor=1
        )
        page.goto(page_file.as_uri())
        page.screenshot(path=picture)
        browser.close()


def main() -> None:
    """Read the arguments, draw, write."""
    parser = argparse.ArgumentParser(description="Draw a report as SVG or PNG.")
    parser.add_argument("report", type=Path, nargs="?")
    parser.add_argument("picture", type=Path, nargs="?")
    parser.add_argument("--lang", default="en")
    parser.add_argument("--width", type=int, help="cells (80), or pixels (1000)")
    parser.add_argument("--height", type=int, default=1100, help="pixels")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--light", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    if given.report is None or given.picture is None:
        (ROOT / "docs" / "terminal.svg").write_text(terminal_of_readme(), encoding="utf-8")
        page = read_report(SHOWN.read_bytes())
        photograph(page, ROOT / "docs" / "html-report.png", language="en", width=1000, height=1100, dark=False)
        return
    report = read_report(given.report.read_bytes())
    if given.picture.suffix == ".png":
        width = given.width or 1000
        photograph(report, given.picture, language=given.lang, width=width, height=given.height, dark=given.dark)
        return
    svg = draw(report, language=given.lang, width=given.width or 80, light=given.light, verbose=given.verbose)
    given.picture.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
