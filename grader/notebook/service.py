"""The process that grades for a notebook's kernel: `python -m grader.notebook.service DESCRIPTOR`.

It is started by the first `%grade`, keeps its warm process for the next, and ends with the kernel.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.terminal_theme import TerminalTheme

from grader.cli.keeping import keep_report
from grader.cli.streams import View
from grader.course import Course, find_course
from grader.errors import GraderError, InternalError, UsageError
from grader.grading import GradingOptions, Session, as_shown
from grader.language import PROGRAM_CATALOGS, Text, Translator, _
from grader.notebook.cells import NAME
from grader.notebook.messages import LINE_BYTES, Asked, Told, encoded
from grader.notebook.tidying import tidied
from grader.report import render_html, render_text, terminal_safe

_WIDTH = 76
"""Cells of a page; wider ones would not fit beside a file browser."""
_WIDE = re.compile("[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6]")
"""Letters that a terminal shows in two cells: Korean, Chinese and Japanese ones."""
MAGIC_SIGN = "%"
"""What stands before `grade` in a notebook."""
_HEIGHT = 40
"""Lines of a page: an output is scrolled with its notebook, and need not fit a screen."""
_STYLE = (
    '<pre style="white-space:pre!important;word-break:normal!important;overflow-x:auto;line-height:1.4;margin:0;'
    "font-family:ui-monospace,'DejaVu Sans Mono',Menlo,monospace\"><code>{code}</code></pre>"
)


class Service:
    """Sessions by course, language and confinement; the newest stays warm."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._key: tuple[str, str] | None = None
        self._session: Session | None = None
        self._translators: dict[tuple[str, tuple[Path, ...]], Translator] = {}

    def serve(self) -> None:
        """Answer until the kernel closes the connection."""
        with self._connection.makefile("rb") as stream:
            while line := stream.readline(LINE_BYTES):
                self._tell(self._answer(msgspec.json.decode(line, type=Asked)))
        self._end()

    def _end(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            session.close()

    def _tell(self, told: Told) -> None:
        self._connection.sendall(encoded(told))

    def _answer(self, asked: Asked) -> Told:
        translator = Translator.english()
        try:
            os.chdir(asked.folder)
            course = find_course(Path.cwd(), None if asked.course is None else Path(asked.course))
            translator = self._translator(course, asked)
            work = self._helped if asked.help else self._graded
            return work(course, asked, translator)
        except GraderError as error:
            return Told(refused=_one_line(translator.render(error.message)))
        except Exception as error:  # noqa: BLE001 - the kernel gets a sentence, never a traceback
            failed = _(
                "The grader failed ({kind}); no score was given, and nothing is lost.", kind=type(error).__name__
            )
            return Told(refused=translator.render(failed))

    def _translator(self, course: Course, asked: Asked) -> Translator:
        language = asked.language or _spoken(course)
        if language not in course.languages:
            raise UsageError(
                _(
                    "This course does not speak {language}; it has {known}.",
                    language=language,
                    known=", ".join(course.languages),
                )
            )
        catalogs = (PROGRAM_CATALOGS, *course.catalogs)
        if (language, catalogs) not in self._translators:
            self._translators[language, catalogs] = Translator(language, catalogs)
        return self._translators[language, catalogs]

    def _graded(self, course: Course, asked: Asked, translator: Translator) -> Told:
        from datetime import UTC, datetime  # noqa: PLC0415 - only here

        exercise = course.exercise(asked.exercise)
        session = self._warm(course, asked.sandbox, translator)
        content = tidied(asked.content)
        try:
            report = session.grade(exercise, Path(NAME), content=content, live=True, translator=translator)
        except InternalError:
            self._end()  # the next run begins with a fresh warm process
            raise
        shown = as_shown(report, course.showing, datetime.now(UTC), translator)
        shape: dict[str, Any] = {"width": _WIDTH, "height": _HEIGHT, "verbose": asked.verbose, "sign": MAGIC_SIGN}
        keep_report(course, shown)
        text = render_text(shown, translator, color=True, **shape)
        return Told(
            text=_without_colors(text),
            html=_as_html(text),
            page=render_html([shown], translator),
            label=translator.render(_("The whole report, with your code")),
        )

    def _helped(self, course: Course, asked: Asked, translator: Translator) -> Told:
        from grader.cli.hinting import next_hint, require_run  # noqa: PLC0415 - only where it is asked for

        exercise = course.exercise(asked.exercise).id
        view = View(translator, _WIDTH, color=True, unicode=True)
        kept = require_run(course, exercise, in_notebook=True)
        text = next_hint(course, kept, asked.function, view, in_notebook=True)
        return Told(text=_without_colors(text), html=_as_html(text))

    def _warm(self, course: Course, sandbox: str, translator: Translator) -> Session:
        key = (str(course.folder), sandbox)
        if self._session is None or self._key != key:
            self._end()
            mode: Any = sandbox
            options = GradingOptions(language=translator.language, sandbox=mode)
            self._session, self._key = Session(course, options), key
        self._session.progress = lambda step: self._step(step, translator)
        return self._session

    def _step(self, step: Text, translator: Translator) -> None:
        self._tell(Told(step=_one_line(translator.render(step))))


def _spoken(course: Course) -> str:
    """The locale's language where the course has it, else the course's own."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        language = os.environ.get(name, "").partition(".")[0].partition("_")[0]
        if language in course.languages:
            return language
    return course.language or course.languages[0]


def _one_line(text: str) -> str:
    return terminal_safe(" ".join(text.splitlines()))[:1000]


def _as_html(colored: str) -> str:
    """A page of the terminal as a fragment of HTML that takes the colours and the font of its notebook."""
    from rich.text import Text as Line  # noqa: PLC0415 - only here

    console = Console(file=io.StringIO(), record=True, width=_WIDTH + 2, force_terminal=True, _environ={})
    console.print(Line.from_ansi(colored), soft_wrap=True)
    return in_cells(console.export_html(theme=_theme(), inline_styles=True, code_format=_STYLE))


def in_cells(fragment: str) -> str:
    """HTML in which wide letters take two cells each, as in a terminal, whatever font a browser has for them."""
    return _WIDE.sub(r'<span style="display:inline-block;width:2ch">\g<0></span>', fragment)


def _without_colors(colored: str) -> str:
    from rich.text import Text as Line  # noqa: PLC0415 - only here

    return Line.from_ansi(colored).plain


def _theme() -> TerminalTheme:
    """Colours that can be read on white as well as on black, since a notebook may be either."""
    colors = [
        (117, 117, 117),
        (214, 40, 57),
        (34, 139, 60),
        (176, 112, 0),
        (48, 116, 214),
        (156, 72, 190),
        (0, 136, 146),
    ]
    return TerminalTheme((128, 128, 128), (128, 128, 128), [*colors, (117, 117, 117)])


def main(arguments: list[str]) -> None:
    """Serve the kernel at the other end of the descriptor."""
    # The kernel ends this process when it is interrupted; a signal to its whole group comes here too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform.startswith("linux"):
        from grader.sandbox import namespaces  # noqa: PLC0415 - Linux only

        namespaces.die_with_parent()
    with contextlib.suppress(OSError):
        Service(socket.socket(fileno=int(arguments[0]))).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
