"""The one place that turns what went wrong into one line and an exit code."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from enum import IntEnum
from pathlib import Path
from typing import Final

import click

from grader.cli.streams import NobodyReads, abandon_output, say
from grader.errors import InternalError, UsageError
from grader.language import Text, Translator, _

DEBUG_VARIABLE: Final = "GRADE_DEBUG"
_LINE_CHARACTERS: Final = 1000


class Exit(IntEnum):
    """How the program ends; a promise to scripts."""

    PASSED = 0
    NOT_PASSED = 1
    UNUSABLE = 2
    GRADER_FAILED = 3
    INTERRUPTED = 130
    NOBODY_READS = 141
    """128 and the number of SIGPIPE, as a program that the signal ends"""


def explain(error: BaseException, translator: Translator, environment: Mapping[str, str]) -> Exit:
    """Say in one line what went wrong, and with which exit code to end."""
    if isinstance(error, NobodyReads):
        abandon_output()
        return Exit.NOBODY_READS
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        _say(translator, _("stopped"))
        return Exit.INTERRUPTED
    if isinstance(error, (UsageError, click.ClickException)):
        _say(translator, error.message if isinstance(error, UsageError) else usage_sentence(error))
        return Exit.UNUSABLE
    if isinstance(error, InternalError) and not environment.get(DEBUG_VARIABLE):
        _say(translator, error.message)
        return Exit.GRADER_FAILED
    _say(translator, _tell_unexpected(error, environment))
    return Exit.GRADER_FAILED


def usage_sentence(error: click.ClickException) -> Text | str:
    """What click could not parse, in words of our own."""
    if isinstance(error, click.NoSuchOption):
        if error.possibilities:
            return _(
                "There is no option {option}; did you mean {nearest}?",
                option=error.option_name,
                nearest=error.possibilities[0],
            )
        return _("There is no option {option}. `grade --help` shows what there is.", option=error.option_name)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        name = error.param.human_readable_name
        return _("{name} is missing. `grade --help` shows how commands are written.", name=name)
    if isinstance(error, click.BadOptionUsage):
        return _("{option} takes no value. See `grade --help`.", option=error.option_name)
    return error.format_message()


def one_line(text: str) -> str:
    """`text` on one line, safe to show and not too long."""
    from grader.report import clip, terminal_safe  # noqa: PLC0415 - only failures need it

    return clip(terminal_safe(" ".join(text.splitlines())), _LINE_CHARACTERS)


def _say(translator: Translator, message: Text | str) -> None:
    say(f"grade: {one_line(translator.render(message))}")


def _tell_unexpected(error: BaseException, environment: Mapping[str, str]) -> Text:
    import traceback  # noqa: PLC0415 - only failures need it

    details = "".join(traceback.format_exception(error))
    kind = type(error).__name__
    if environment.get(DEBUG_VARIABLE):
        say(details)
        return _("The grader failed ({kind}); no score was given, and nothing is lost.", kind=kind)
    with contextlib.suppress(OSError):
        file = _keep(details)
        return _(
            "The grader failed ({kind}); no score was given, and nothing is lost. Details are in {file}.",
            kind=kind,
            file=str(file),
        )
    return _(
        "The grader failed ({kind}); no score was given, and nothing is lost. Set {variable}=1 to see details.",
        kind=kind,
        variable=DEBUG_VARIABLE,
    )


def _keep(details: str) -> Path:
    import tempfile  # noqa: PLC0415 - only failures need it

    descriptor, name = tempfile.mkstemp(prefix="grade-failure-", suffix=".txt")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(details)
    return Path(name)
