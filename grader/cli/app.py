"""The program: which commands there are, and how each of them may end."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module

import click

from grader import __version__
from grader.cli.failures import Exit, explain
from grader.cli.helping import help_page, translator_of
from grader.cli.languages import OPTION, guess_language
from grader.cli.names import COMMANDS, GRADING, SHAPES
from grader.cli.streams import error_stream, write_text
from grader.errors import UsageError
from grader.language import Translator, _


class Program(click.Group):
    """Commands by name, each imported when it is called; any other first word is an exercise to grade."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """The names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - likewise
        """The command of that name, imported now."""
        return _imported(COMMANDS[cmd_name]) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str, click.Command, list[str]]:
        """The command that the first word names, else the one that grades, with that word as its exercise."""
        command = self.get_command(ctx, args[0])
        return (args[0], command, args[1:]) if command else (GRADING, _imported(GRADING), args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the page that `grade --help` shows."""
        options = {
            f"{OPTION} LANG": _("language, such as en or ko; else the locale's, else the course's"),
            "--version": _("the version of the grader"),
            "-h, --help": _("this page; after a command, the command's own"),
        }
        about = _("Grades exercises in deep learning: says what was expected, what was observed, and what to try next.")
        lists = {_("Commands"): SHAPES.items(), _("Options"): options.items()}
        formatter.write(help_page(translator_of(ctx), "EXERCISE [PATH]", about, lists))


def _imported(module: str) -> click.Command:
    command: click.Command = import_module(f"grader.cli.{module}").command
    return command


def _show_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's own
    if wanted:
        write_text(f"grade {__version__}\n")
        ctx.exit()


@click.group(
    cls=Program,
    no_args_is_help=False,
    # Options before the exercise are left to the command that grades.
    context_settings={
        "help_option_names": ["-h", "--help"],
        "ignore_unknown_options": True,
        "allow_interspersed_args": False,
    },
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version)
def program() -> None:
    """Grade exercises."""


def in_usual_order(arguments: Sequence[str]) -> list[str]:
    """`arguments` with a language that stands before everything else moved behind the first word."""
    given: list[str] = []
    rest = list(arguments)
    while rest and (rest[0] == OPTION or rest[0].startswith(f"{OPTION}=")):
        count = 2 if rest[0] == OPTION else 1
        given, rest = given + rest[:count], rest[count:]
    if not rest or rest[0].startswith("-"):
        return [*rest, *given]
    return [rest[0], *given, *rest[1:]]


def run(arguments: Sequence[str]) -> int:
    """Run the program with `arguments`, and return its exit code. Raises nothing."""
    translator = Translator.english()
    try:
        error_stream()
        translator = Translator(guess_language(arguments, os.environ))
        if not arguments:
            raise UsageError(_("Say what to grade, for example `grade exercise-1`; `grade --help` shows all commands."))
        ended = program.main(in_usual_order(arguments), prog_name="grade", standalone_mode=False, obj=translator)
        return int(ended or Exit.PASSED)
    except BaseException as error:  # noqa: BLE001 - no traceback ever reaches the user
        return explain(error, translator, os.environ)
