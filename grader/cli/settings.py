"""The options that several commands share, and what their values may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import click

from grader.cli.helping import option
from grader.errors import UsageError
from grader.language import Text, _
from grader.records import SANDBOX_MODES, SandboxMode

LONGEST_LIMIT: Final = 86_400.0
"""Seconds; a day is more than any call of an exercise needs, and less than what the system's clocks overflow at."""

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


class PathType(click.ParamType[Path]):
    """A path as it was given; whether it exists is the business of who opens it."""

    name = "path"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> Path:
        """The path. Raises UsageError for an empty one, which would mean the current folder by accident."""
        if not str(value):
            raise UsageError(_("An empty path was given; name a file or folder, or leave it out."))
        return Path(value)


class Choice(click.ParamType[str]):
    """One of a few words."""

    name = "choice"

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)

    def convert(self, value: Any, param: click.Parameter | None, _ctx: click.Context | None) -> str:
        """The word. Raises UsageError for any other."""
        if value in self.words:
            return str(value)
        raise UsageError(
            _(
                "{option} cannot be {value}. Choose one of: {words}.",
                option=param.opts[0] if param else self.name,
                value=str(value),
                words=", ".join(self.words),
            )
        )


class Seconds(click.ParamType[float]):
    """A time: a positive number of seconds, at most a day."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, _ctx: click.Context | None) -> float:
        """The seconds. Raises UsageError for anything else."""
        try:
            seconds = float(value)
        except ValueError:
            seconds = math.nan
        if not 0 < seconds <= LONGEST_LIMIT:  # false for NaN too
            name = param.opts[0] if param else self.name
            raise UsageError(
                _(
                    "{option} must be a positive number of seconds, at most {most}, not {value}.",
                    option=name,
                    most=f"{LONGEST_LIMIT:.0f}",
                    value=str(value),
                )
            )
        return seconds


course_option = option(
    "--course",
    type=PathType(),
    metavar="FOLDER",
    about=_("Another course than the one around the current folder, or the built-in one."),
)
language_option = option(
    "--lang", metavar="LANG", about=_("Language, such as en or ko; else the locale's, else the course's.")
)
color_option = option(
    "--no-color", is_flag=True, about=_("No colours; the environment variable NO_COLOR does the same.")
)

time_limit_option = option(
    "--time-limit", type=Seconds(), metavar="SECONDS", about=_("Time for each call of a function.")
)
book_option = option(
    "--gradebook",
    "address",
    metavar="URL",
    about=_("A gradebook elsewhere, such as postgresql+psycopg://user@host/database, in place of the one in OUT."),
)


def sandbox_option(default: SandboxMode) -> Callable[[Callable[_Parameters, _Result]], Callable[_Parameters, _Result]]:
    """`--sandbox`. Who grades another's work wants it required; a student's own runs where it can."""
    return option(
        "--sandbox",
        type=Choice(tuple(SANDBOX_MODES)),
        default=default,
        metavar="|".join(SANDBOX_MODES),
        about=_(
            "Confine submissions as far as possible; or grade only if they can be fully confined; or do not confine."
        ),
    )


def format_option(
    words: Sequence[str], about: Text
) -> Callable[[Callable[_Parameters, _Result]], Callable[_Parameters, _Result]]:
    """`--format`, with the first of its words where none is given."""
    return option("--format", "format_name", type=Choice(words), default=words[0], metavar="|".join(words), about=about)


class Count(click.ParamType[int]):
    """A positive whole number, at most `most`."""

    name = "count"

    def __init__(self, most: int) -> None:
        self.most = most

    def convert(self, value: Any, param: click.Parameter | None, _ctx: click.Context | None) -> int:
        """The number. Raises UsageError for anything else."""
        text = str(value)
        if not (text.isascii() and text.isdigit()) or not 0 < int(text[:12]) <= self.most:
            raise UsageError(
                _(
                    "{option} must be a whole number from 1 to {most}, not {value}.",
                    option=param.opts[0] if param else self.name,
                    most=self.most,
                    value=text,
                )
            )
        return int(text)
