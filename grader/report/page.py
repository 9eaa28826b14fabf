"""A page of terminal lines: each is measured in cells and none is wider than the page. Imports rich."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text as Line

from grader.report.escaping import terminal_safe
from grader.report.words import ratio

MIN_WIDTH: Final = 40
"""Cells; on a narrower terminal the page stays this wide and the terminal wraps it."""
MAX_WIDTH: Final = 100
"""Cells; longer lines are hard to read, so a wider terminal stays partly empty."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The signs of a page. `ASCII` is for outputs that cannot show the others."""

    passed: str
    failed: str
    waiting: str
    not_run: str
    ours: str
    arrow: str
    bullet: str
    gutter: str
    dot: str
    ellipsis: str
    full: str
    empty: str


UNICODE: Final = Glyphs("✔", "✘", "·", "○", "!", "→", "•", "│", "·", "…", "█", "░")
ASCII: Final = Glyphs("+", "x", "-", "o", "!", "->", "*", "|", "-", "...", "#", ".")


def plain_console(width: int, *, color: bool) -> Console:
    """A console on a string, which nothing in the environment changes."""
    return Console(
        file=io.StringIO(),
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
        _environ={},
    )


_WRAPPER: Final = plain_console(MAX_WIDTH, color=False)
"""What rich asks for to wrap a line; nothing is printed on it."""


@dataclass(slots=True)
class Page:
    """Lines of at most `width` cells, gathered from top to bottom. Every `str` given to it is made safe here."""

    width: int
    glyphs: Glyphs
    lines: list[Line] = field(default_factory=list)

    def blank(self) -> None:
        """An empty line, unless there is one already or the page is empty."""
        if self.lines and self.lines[-1].plain:
            self.lines.append(Line())

    def row(self, left: Line, right: Line | None = None, *, indent: int = 0) -> None:
        """One line: `left`, cut to fit, and `right` at the right edge."""
        line = Line(" " * indent)
        if right is None:
            line.append_text(self.cut(left, self.width - indent))
        else:
            right = self.cut(right, self.width * 2 // 3)
            room = self.width - indent - right.cell_len - 1
            line.append_text(self.cut(left, room))
            line.append(" " * (self.width - line.cell_len - right.cell_len))
            line.append_text(right)
        line.rstrip()
        self.lines.append(line)

    def block(
        self,
        text: Line | str,
        *,
        indent: int = 0,
        style: str = "",
        first: Line | str = "",
        right: Line | None = None,
        rows: int = 6,
    ) -> None:
        """`text` wrapped, after `indent` cells; `first` stands before it, and the lines below align with it.

        `right` is at the right edge of the first line. At most `rows` lines are shown; where more were needed, the
        last one ends in an ellipsis.
        """
        body = text if isinstance(text, Line) else safe(text, style, lines=True)
        lead = Line(" " * indent).append_text(first if isinstance(first, Line) else Line(first, style=style))
        # Whatever stands at the edges, room for a character of two cells is left between them.
        lead = self.cut(lead, self.width * 2 // 5)
        right = self.cut(right, self.width // 2) if right else None
        room = self.width - lead.cell_len - (right.cell_len + 1 if right else 0)
        wrapped = list(body.wrap(_WRAPPER, room, overflow="fold"))
        shown = wrapped[:rows]
        if len(wrapped) > rows:
            shown[-1] = self.cut(shown[-1] + Line(" " * room), room)
        for index, line in enumerate(shown):
            row = lead.copy() if index == 0 else Line(" " * lead.cell_len)
            row.append_text(line)
            row.rstrip()
            if right and index == 0:
                row.append(" " * (self.width - row.cell_len - right.cell_len))
                row.append_text(right)
            self.lines.append(row)

    def cut(self, text: Line, width: int) -> Line:
        """`text`, with an ellipsis at its end where it is wider than `width` cells."""
        if text.cell_len <= width:
            return text
        shortened = text.copy()
        shortened.truncate(max(width - cell_len(self.glyphs.ellipsis), 0), overflow="crop")
        shortened.rstrip()
        return shortened.append(self.glyphs.ellipsis, style="dim")

    def bar(self, earned: float, possible: float, cells: int, style: str) -> Line:
        """A bar of `cells` cells, filled as far as `earned` goes; full only when everything is earned."""
        share = ratio(earned, possible)
        filled = cells if share == 1 else min(round(share * cells), cells - 1)
        filled = max(filled, 1) if share > 0 else filled
        return Line.assemble((self.glyphs.full * filled, style), (self.glyphs.empty * (cells - filled), "dim"))

    def text(self, *, color: bool) -> str:
        """The page as a string with a newline at its end, and escape sequences only where `color` is true."""
        console = plain_console(self.width, color=color)
        for line in self.lines:
            console.print(line, soft_wrap=True)
        written = console.file
        assert isinstance(written, io.StringIO)  # noqa: S101 - made so by plain_console
        return written.getvalue()


def new_page(width: int, *, unicode: bool) -> Page:
    """An empty page of `width` cells, kept between `MIN_WIDTH` and `MAX_WIDTH`."""
    return Page(width=min(max(width, MIN_WIDTH), MAX_WIDTH), glyphs=UNICODE if unicode else ASCII)


def safe(text: str, style: str = "", *, lines: bool = False) -> Line:
    """Foreign text as a line: safe to show, and never read as markup."""
    return Line(terminal_safe(text, lines=lines), style=style)
