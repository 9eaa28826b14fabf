"""What is being done right now, on standard error: a line that changes on a terminal, else nothing."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from grader.cli.failures import one_line
from grader.cli.streams import error_stream, say
from grader.language import Text, Translator, _

if TYPE_CHECKING:
    from rich.status import Status


class Progress:
    """Call it with each new step. With `verbose`, steps are lines where standard error is no terminal."""

    def __init__(self, translator: Translator, *, color: bool, verbose: bool) -> None:
        self._translator = translator
        self._color = color
        self._verbose = verbose
        self._status: Status | None = None

    def __enter__(self) -> Self:
        stream = error_stream()
        if stream is not None and stream.isatty():
            from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
            from rich.status import Status  # noqa: PLC0415 - likewise

            console = Console(file=stream, no_color=not self._color, highlight=False, markup=False, emoji=False)
            self._status = Status("", console=console, spinner="dots" if _is_unicode(stream) else "line")
            self(_("Reading the submission…"))
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def __call__(self, step: Text) -> None:
        """Show `step` until the next one comes."""
        line = one_line(self._translator.render(step))
        if self._status is not None:
            from rich.text import Text as Line  # noqa: PLC0415 - imported already where there is a status line

            self._status.update(Line(line, style="dim" if self._color else ""))
        elif self._verbose:
            say(line)


def _is_unicode(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "") == "utf8"
