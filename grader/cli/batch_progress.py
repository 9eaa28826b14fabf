"""How far a batch is, on standard error: a bar with rate, time left and what is running; else a line now and then."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from grader.cli.failures import one_line
from grader.cli.streams import error_stream, say
from grader.language import Text, Translator, _

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table

_TENTHS: Final = 10
"""How many lines tell of a batch where standard error is no terminal."""
_NAMES: Final = 3
_LONGEST_NAME: Final = 40
_CUT: Final = "..."
"""in place of a beginning; not every terminal has a sign for it"""
BAR_CELLS: Final = 24


class BatchProgress:
    """Tell it what `grader.batch.Observer` is told. Use it as a context; the bar goes away at the end."""

    def __init__(self, translator: Translator, *, color: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._translator = translator
        self._color = color
        self._clock = clock
        self._running: dict[str, None] = {}
        self._count = 0
        self._done = 0
        self._since = 0.0
        self._live: Live | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def began(self, count: int) -> None:
        """So many submissions will be graded."""
        self._count, self._since = count, self._clock()
        if not count:
            return
        self._show_bar()  # only now: before, it could say no more than "0 of 0"
        if self._live is None:
            self._say(_("submissions to grade: {count}", count=count))

    def started(self, path: str) -> None:
        """This one is being graded now."""
        self._running[path] = None

    def ended(self, path: str, count: int) -> None:
        """It is not any more; `count` submissions are done by it."""
        self._running.pop(path, None)
        before, self._done = self._done, self._done + count
        tenth = self._done * _TENTHS // max(self._count, 1)
        if self._live is None and tenth > before * _TENTHS // max(self._count, 1):
            self._say(self.sentence())

    def said(self, path: str, sentence: str) -> None:
        """Something about the grader's own errors with this submission."""
        self._say(_("{path}: {sentence}", path=path, sentence=sentence))

    def sentence(self) -> Text:
        """How many are done, how many in a second, and how long the others will take at that rate."""
        passed = self._clock() - self._since
        if not self._done or passed <= 0:
            return _("{done} of {count}", done=self._done, count=self._count)
        rate = self._done / passed
        left = round((self._count - self._done) / rate)
        return _(
            "{done} of {count}, {rate} a second, {left} left",
            done=self._done,
            count=self._count,
            rate=f"{rate:.1f}",
            left=f"{left // 60}:{left % 60:02}",
        )

    def table(self) -> Table:
        """The bar, the sentence, and the names of what is running."""
        from rich.progress_bar import ProgressBar  # noqa: PLC0415 - only a terminal needs it
        from rich.table import Table  # noqa: PLC0415 - likewise
        from rich.text import Text as Line  # noqa: PLC0415 - likewise

        table = Table.grid(padding=(0, 2, 0, 0))
        bar = ProgressBar(total=max(self._count, 1), completed=self._done, width=BAR_CELLS)
        table.add_row(bar, Line(self._translator.render(self.sentence())))
        names = [_ending(one_line(path)) for path in list(self._running)[:_NAMES]]
        rows = Table.grid()
        rows.add_row(table)
        rows.add_row(Line(", ".join(names), style="dim", overflow="ellipsis", no_wrap=True))
        return rows

    def _show_bar(self) -> None:
        stream = error_stream()
        if stream is not None and stream.isatty():
            from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
            from rich.live import Live  # noqa: PLC0415 - likewise

            console = Console(file=stream, no_color=not self._color, highlight=False, markup=False, emoji=False)
            self._live = Live(get_renderable=self.table, console=console, transient=True, refresh_per_second=4)
            self._live.start()

    def _say(self, sentence: Text) -> None:
        line = f"grade: {one_line(self._translator.render(sentence))}"
        if self._live is not None:
            from rich.text import Text as Line  # noqa: PLC0415 - imported already where there is a bar

            self._live.console.print(Line(line), soft_wrap=True)
        else:
            say(line)


def _ending(path: str) -> str:
    """`path`, without its beginning where it is too long: the end tells more, since a class's often begin alike."""
    return path if len(path) <= _LONGEST_NAME else _CUT + path[len(_CUT) - _LONGEST_NAME :]
