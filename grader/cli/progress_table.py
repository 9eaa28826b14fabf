"""How far a run of several exercises is: a table on standard error, on a terminal only, that goes away at the end."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from grader.cli.failures import one_line
from grader.cli.progress import Progress
from grader.cli.streams import error_stream
from grader.course import Exercise, in_language
from grader.language import Text, Translator, _
from grader.records import Report
from grader.report import NoSubmission

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table


class TableProgress(Progress):
    """Call it with each new step; tell `begin` and `end` which exercise it is about."""

    def __init__(self, translator: Translator, exercises: Sequence[Exercise], *, color: bool, verbose: bool) -> None:
        super().__init__(translator, color=color, verbose=verbose)
        self._exercises = tuple(exercises)
        self._states: dict[str, tuple[Text | str, str]] = {}
        self._current: str | None = None
        self._live: Live | None = None

    def __enter__(self) -> Self:
        stream = error_stream()
        if stream is not None and stream.isatty():
            from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
            from rich.live import Live  # noqa: PLC0415 - likewise

            console = Console(file=stream, no_color=not self._color, highlight=False, markup=False, emoji=False)
            # The table goes away at the end: what standard output then shows is the whole.
            self._live = Live(self.table(), console=console, transient=True, refresh_per_second=8)
            # Shown at once: a quick run would else be over before the first refresh.
            self._live.start(refresh=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def __call__(self, step: Text) -> None:
        """Show `step` beside the exercise that is being graded."""
        if self._current is not None:
            self._show(self._current, step, "cyan")
        if self._live is None:
            super().__call__(step)

    def begin(self, exercise: Exercise) -> None:
        """Say that `exercise` is being graded now."""
        self._current = exercise.id
        self._show(exercise.id, _("Reading the submission…"), "cyan")

    def end(self, entry: Report | NoSubmission) -> None:
        """Say what came of the exercise that was begun."""
        from grader.report.words import VERDICT_STYLES, VERDICTS, number  # noqa: PLC0415 - help does not wait for it

        self._current = None
        if isinstance(entry, NoSubmission):
            self._show(entry.exercise, _("no file") if entry.reason is None else _("not readable"), "dim")
            return
        verdict = VERDICTS[entry.verdict]
        if entry.score is not None:
            points = f"{number(entry.score.earned)}/{number(entry.score.possible)}"
            verdict = _("{verdict}, {points} points", verdict=verdict, points=points)
        self._show(entry.exercise, verdict, VERDICT_STYLES[entry.verdict])

    def table(self) -> Table:
        """A line for each exercise: its name, its title, and how far it is."""
        from rich.table import Table  # noqa: PLC0415 - only a terminal needs it
        from rich.text import Text as Line  # noqa: PLC0415 - likewise

        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for exercise in self._exercises:
            state, style = self._states.get(exercise.id, (_("waiting"), "dim"))
            title = in_language(exercise.title, self._translator.language)
            words = one_line(self._translator.render(state))
            table.add_row(Line(exercise.id, style="bold cyan"), Line(title), Line(words, style=style))
        return table

    def _show(self, exercise: str, state: Text | str, style: str) -> None:
        self._states[exercise] = (state, style)
        if self._live is not None:
            self._live.update(self.table())
