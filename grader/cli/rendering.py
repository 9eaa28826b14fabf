"""The table of what `--format` may be: how one report is written in it, and how many are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from grader.cli.streams import View

if TYPE_CHECKING:
    from grader.records import Report
    from grader.report import NoSubmission


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write reports. `is_data` means that programs read it: UTF-8, and nothing else on standard output."""

    one: Callable[[Report, View], str]
    many: Callable[[Sequence[Report | NoSubmission], View], str]
    is_data: bool


def _text_of_one(report: Report, view: View) -> str:
    from grader.report import render_text  # noqa: PLC0415 - help does not wait for it

    return render_text(
        report, view.translator, width=view.width, color=view.color, unicode=view.unicode, verbose=view.verbose
    )


def _text_of_many(entries: Sequence[Report | NoSubmission], view: View) -> str:
    from grader.report import NoSubmission, render_overview  # noqa: PLC0415 - likewise

    whole = [_text_of_one(entry, view) for entry in entries if view.verbose and not isinstance(entry, NoSubmission)]
    overview = render_overview(entries, view.translator, width=view.width, color=view.color, unicode=view.unicode)
    return "\n".join([*whole, overview])


def _json_of_one(report: Report, _view: View) -> str:
    from grader.report import render_json  # noqa: PLC0415 - likewise

    return render_json(report)


def _json_of_many(entries: Sequence[Report | NoSubmission], _view: View) -> str:
    from grader.report import NoSubmission, render_json_list  # noqa: PLC0415 - likewise

    return render_json_list([entry for entry in entries if not isinstance(entry, NoSubmission)])


FORMATS: Final[dict[str, Format]] = {
    "text": Format(_text_of_one, _text_of_many, is_data=False),
    "json": Format(_json_of_one, _json_of_many, is_data=True),
}
