"""How a student's points came about, in sentences for the student: one account for pages, Moodle and Gradescope."""

from __future__ import annotations

from grader.exports.sheets import number
from grader.gradebook import Entry
from grader.language import Text, Translator, _


def account(entry: Entry, translator: Translator) -> tuple[str, ...]:
    """What became of the points that `entry` earned, and what the instructor says. Empty where nothing did.

    In the order in which it is reckoned, so that a student can follow the sum: what was earned, what being late left of
    it, what was added or set by hand. Who did that, and why, is not told.
    """
    by_hand = entry.adjustment is not None and entry.points is not None
    sentences: list[Text | str] = []
    if entry.earned is not None:
        if entry.factor < 1.0 or by_hand:
            sentences.append(
                _("Earned: {points} of {possible} points", points=number(entry.earned), possible=number(entry.possible))
            )
        if entry.days_late:
            sentences.append(_lateness(entry, entry.earned))
    if by_hand:
        sentences += _by_hand(entry)
    if entry.comment:
        sentences.append(entry.comment)
    return tuple(translator.render(sentence) for sentence in sentences)


def feedback(entry: Entry, translator: Translator) -> str:
    """What a student is told where there is no report: the points that count, and how they came about. Never empty."""
    points = _("{points} of {possible} points", points=number(entry.points), possible=number(entry.possible))
    return "\n".join((translator.render(points), *account(entry, translator)))


def _lateness(entry: Entry, earned: float) -> Text:
    if entry.factor == 1.0:
        return _("Days late: {days}; nothing is taken off", days=entry.days_late)
    return _(
        "Days late: {days}; {left} % of that counts: {points} points",
        days=entry.days_late,
        left=number(entry.factor * 100),
        points=number(earned * entry.factor),
    )


def _by_hand(entry: Entry) -> list[Text]:
    """What an instructor made of the points, where that is anything."""
    adjustment = entry.adjustment or 0.0
    sentences = [] if entry.run is not None else [_("Nothing was handed in")]
    if entry.replaced:
        sentences.append(_("Set by your instructor, whatever was earned: {points} points", points=number(entry.points)))
    elif adjustment > 0:
        sentences.append(_("Added by your instructor: {points} points", points=number(adjustment)))
    elif adjustment < 0:
        sentences.append(_("Taken off by your instructor: {points} points", points=number(-adjustment)))
        if (entry.earned or 0.0) * entry.factor + adjustment < 0:
            sentences.append(_("Points never fall below 0"))
    return sentences
