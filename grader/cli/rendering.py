"""The table of what `--format` may be: how one report is written in it, and how many are."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from grader.cli.streams import View

if TYPE_CHECKING:
    from grader.records import Report
    from grader.report import Entries, NoSubmission


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write reports. `is_data` means that programs read it: UTF-8, and nothing else on standard output."""

    one: Callable[[Report, View], str]
    many: Callable[[Sequence[Report | NoSubmission], View], str]
    is_data: bool


def _text_of_one(report: Report, view: View) -> str:
    from grader.report import render_text  # noqa: PLC0415 - help does not wait for it

    return render_text(
        report,
        view.translator,
        width=view.width,
        height=view.height,
        color=view.color,
        unicode=view.unicode,
        verbose=view.verbose,
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


def _data(render: Callable[[Entries, View], str]) -> Format:
    """A format whose renderer takes any number of entries."""
    return Format(lambda report, view: render([report], view), render, is_data=True)


def _html(entries: Entries, view: View) -> str:
    from grader.report import render_html  # noqa: PLC0415 - likewise

    return render_html(entries, view.translator)


def _markdown(entries: Entries, view: View) -> str:
    from grader.report import render_markdown  # noqa: PLC0415 - likewise

    return render_markdown(entries, view.translator)


def _junit(entries: Entries, view: View) -> str:
    from grader.report import render_junit  # noqa: PLC0415 - likewise

    return render_junit(entries, view.translator)


def _gradescope(entries: Entries, view: View) -> str:
    from grader.report import render_gradescope  # noqa: PLC0415 - likewise

    return render_gradescope(entries, view.translator)


def classroom50_of(entries: Entries, view: View, *, owner: str = "", handed_in: datetime | None = None) -> str:
    """Reports for Classroom 50, with what its runner says, and the owner and time that are known here."""
    import msgspec  # noqa: PLC0415 - likewise

    from grader.report import Classroom, render_classroom50  # noqa: PLC0415 - likewise

    facts = Classroom.of(os.environ, now=_written(datetime.now(UTC)))
    known = {"owner": owner, "datetime": "" if handed_in is None else _written(handed_in)}
    facts = msgspec.structs.replace(facts, **{name: text for name, text in known.items() if text})
    return render_classroom50(entries, view.translator, facts=facts)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _exercism(entries: Entries, view: View) -> str:
    from grader.report import render_exercism  # noqa: PLC0415 - likewise

    return render_exercism(entries, view.translator)


def _github(entries: Entries, view: View) -> str:
    from grader.report import render_github  # noqa: PLC0415 - likewise

    return render_github(entries, view.translator, root=os.environ.get("GITHUB_WORKSPACE", ""))


def _lines(entries: Entries, view: View) -> str:
    from grader.report import render_lines  # noqa: PLC0415 - likewise

    return render_lines(entries, view.translator)


FORMATS: Final[dict[str, Format]] = {
    "text": Format(_text_of_one, _text_of_many, is_data=False),
    "json": Format(_json_of_one, _json_of_many, is_data=True),
    "markdown": _data(_markdown),
    "html": _data(_html),
    "junit": _data(_junit),
    "gradescope": _data(_gradescope),
    "classroom50": _data(classroom50_of),
    "exercism": _data(_exercism),
    "github": _data(_github),
    "lines": _data(_lines),
}
