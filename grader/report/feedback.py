"""What a student reads about one check, as plain text for programs that show it. Pure."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from grader.language import Text, Translator, _
from grader.records import CheckReport, Outcome, Report, Score, Verdict
from grader.report.absent import NoSubmission
from grader.report.escaping import clip, terminal_safe
from grader.report.grouping import is_withheld
from grader.report.places import place
from grader.report.words import OUTCOMES, VERDICTS, number

_TEXT: Final = 4000
APOLOGY: Final = _(
    "The grader failed, not your code: no score was given, and nothing is lost. "
    "Grade again; if it happens again, show this to your instructor."
)


def failed_itself(report: Report) -> bool:
    """Whether the grader failed, which is to be said; a score that the course does not show yet is no failure."""
    return report.verdict is Verdict.UNGRADED and not is_withheld(report)


def check_text(check: CheckReport, translator: Translator, characters: int = _TEXT) -> str:
    """Message, place, what was expected and found, and the hint; empty for a check that passed without a word."""
    pieces = [check.message]
    if check.outcome is not Outcome.PASSED:
        pieces[0] = check.message or translator.render(OUTCOMES[check.outcome])
        if check.location is not None:
            pieces.append(translator.render(place(check.location)))
        for word, value in ((_("Expected"), check.expected), (_("Found"), check.observed)):
            if value:
                between = "\n" if "\n" in value else " "
                pieces.append(f"{translator.render(word)}:{between}{value}")
        pieces.append(check.hint)
    return plain("\n".join(piece for piece in pieces if piece), characters)


def report_text(report: Report, translator: Translator, characters: int = _TEXT) -> str:
    """The report in a few lines: verdict, points, what to do next, notes."""
    lines = [translator.render(VERDICTS[report.verdict])]
    if report.score is not None:
        lines[0] += " · " + translator.render(_points(report.score))
    if failed_itself(report):
        lines.append(translator.render(APOLOGY))
    elif report.next_step:
        lines.append(report.next_step)
    return plain("\n".join([*lines, *report.notes]), characters)


def absent_text(entry: NoSubmission, translator: Translator, characters: int = _TEXT) -> str:
    """The same of an exercise for which nothing was handed in: the points that count all the same, and why."""
    lines = [] if entry.score is None else [translator.render(_points(entry.score))]
    return plain("\n".join([*lines, *entry.notes]), characters)


def plain(text: str, characters: int) -> str:
    """Foreign text with nothing in it that a terminal or a reader would obey or not see, cut to size."""
    return clip(terminal_safe(text[: characters + 1], lines=True), characters)


def json_text(value: Any) -> str:
    """`value` as indented JSON with a newline at its end; text stays readable Unicode."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def _points(score: Score) -> Text:
    return _("{earned} of {possible} points", earned=number(score.earned), possible=number(score.possible))
