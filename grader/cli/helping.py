"""Commands and options whose help is translatable, and the page that shows it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, ParamSpec, TypeVar

import click

from grader.errors import UsageError
from grader.language import Text, Translator, _

HELP_WIDTH: Final = 80
"""Cells of a line of help at most."""
_GAP: Final = 2
_WIDEST_TERM: Final = 30
_HELP_OPTION: Final = ("-h, --help", _("Show this page."))
_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


class Option(click.Option):
    """An option with a translatable sentence about it."""

    def __init__(self, *arguments: Any, about: Text, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.about = about


def option(
    *names: str, about: Text, **settings: Any
) -> Callable[[Callable[_Parameters, _Result]], Callable[_Parameters, _Result]]:
    """`click.option` with a translatable sentence about it."""
    return click.option(*names, cls=Option, about=about, **settings)


class Command(click.Command):
    """A command with a translatable page of help: `usage` is what follows the program's name."""

    def __init__(self, *arguments: Any, usage: str, about: Text, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.context_settings["help_option_names"] = ["-h", "--help"]
        self.usage = usage
        self.about = about

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and refuse what is left over in words of our own. Raises UsageError."""
        ctx.allow_extra_args = True
        try:
            rest = super().parse_args(ctx, args)
        except click.BadOptionUsage as error:
            # click says the same of an option without its value and of one that takes none.
            taking = [param for param in self.params if isinstance(param, click.Option) and not param.is_flag]
            if any(error.option_name in param.opts for param in taking):
                raise UsageError(_("{option} needs a value. See `grade --help`.", option=error.option_name)) from error
            raise
        if rest:
            raise UsageError(
                _("There is one word too many: {word}. See `grade {usage}`.", word=rest[0], usage=self.usage)
            )
        return rest

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the page in the language of the context's translator."""
        options = [(_terms(param), param.about) for param in self.params if isinstance(param, Option)]
        translator = translator_of(ctx)
        formatter.write(help_page(translator, self.usage, self.about, {_("Options"): [*options, _HELP_OPTION]}))


def translator_of(ctx: click.Context) -> Translator:
    """The translator that the program was started with."""
    return ctx.find_object(Translator) or Translator.english()


def help_page(translator: Translator, usage: str, about: Text, lists: Mapping[Text, Iterable[tuple[str, Text]]]) -> str:
    """A page of help: how to call the command, what it does, and lists of words with their meanings."""
    how = translator.render(_("Usage: grade {usage}", usage=usage))
    lines = [how, "", *wrapped(translator.render(about), HELP_WIDTH)]
    rendered = {heading: [(term, translator.render(about)) for term, about in rows] for heading, rows in lists.items()}
    terms = [term for rows in rendered.values() for term, _about in rows]
    column = min(max(map(cells, terms)), _WIDEST_TERM) + 2 * _GAP
    for heading, rows in rendered.items():
        lines += ["", f"{translator.render(heading)}:"]
        for term, meaning in rows:
            lines += _entry(term, meaning, column)
    return "\n".join(lines) + "\n"


def cells(text: str) -> int:
    """How many cells of a terminal `text` takes: two for each wide character. rich would take too long to import."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken at spaces."""
    lines = [""]
    for word in text.split():
        if lines[-1] and cells(lines[-1]) + 1 + cells(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _entry(term: str, meaning: str, column: int) -> list[str]:
    meanings = wrapped(meaning, HELP_WIDTH - column)
    start = " " * _GAP + term
    if cells(start) + _GAP > column:
        return [*_broken(start), *(" " * column + line for line in meanings)]
    first = start + " " * (column - cells(start)) + meanings[0]
    return [first, *(" " * column + line for line in meanings[1:])]


def _broken(term: str) -> list[str]:
    """A term in lines that fit, broken where it names one of several words: behind a bar."""
    lines = [""]
    for piece in re.findall(r"[^|]*\|?", term):
        if cells(lines[-1]) + cells(piece) > HELP_WIDTH:
            lines.append(" " * 2 * _GAP)
        lines[-1] += piece
    return lines


def _terms(param: Option) -> str:
    names = ", ".join(param.opts)
    return f"{names} {param.metavar}" if param.metavar else names
