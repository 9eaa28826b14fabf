"""`grade schema`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.helping import Command, option
from grader.cli.settings import PathType
from grader.cli.streams import check_writable, write_data, write_file
from grader.language import _


@click.command(
    cls=Command,
    usage="schema [OPTIONS]",
    about=_("Print the JSON Schema of a report, as `--format json` writes it."),
)
@option("--output", type=PathType(), metavar="FILE", about=_("Write it there instead of to standard output."))
def command(*, output: Path | None) -> None:
    """Print the schema."""
    from grader.report import render_schema  # noqa: PLC0415 - help does not wait for it

    if output is None:
        write_data(render_schema())
    else:
        check_writable(output)
        write_file(output, render_schema())
