"""What `grade book` says of a change by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from grader.exports import number
from grader.gradebook import Change, ChangeKind, Entry
from grader.language import Text, _

_KINDS: Final = {
    ChangeKind.ADD: _("points added"),
    ChangeKind.SET: _("points set"),
    ChangeKind.COMMENT: _("comment"),
    ChangeKind.EXTENSION: _("extension"),
    ChangeKind.DEADLINE: _("deadline"),
    ChangeKind.ATTEMPT: _("chosen attempt"),
    ChangeKind.DROPPED: _("left out of the class"),
}
_POINTS: Final = frozenset({ChangeKind.ADD, ChangeKind.SET})


def kind_of(change: Change) -> Text:
    """What was changed; of points that were taken back only that they are points, however they had been given."""
    return _("points by hand") if change.value is None and change.kind in _POINTS else _KINDS[change.kind]


def recorded(change: Change) -> Text:
    """That `change` was recorded, or that it took back what held before."""
    if change.kind is ChangeKind.DROPPED:
        if change.value is None:
            return _("{student} is in the class again, by {who}", student=change.student, who=change.who)
        return _("{student} is left out of the class, by {who}", student=change.student, who=change.who)
    about = {
        "student": _("everyone") if change.student is None else change.student,
        "exercise": change.exercise,
        "kind": kind_of(change),
        "who": change.who,
    }
    if change.value is None:
        return _("withdrawn for {student}, {exercise}: {kind}, by {who}", **about)
    return _("recorded for {student}, {exercise}: {kind} by {who}", **about)


def beyond_possible(change: Change, table: Iterable[Entry]) -> Text | None:
    """That `change` led to more points than are possible, by the entries after it; None where it did not.

    That may be meant, as a bonus, and is not refused.
    """
    if change.kind not in _POINTS or change.value is None:
        return None
    for entry in table:
        mine = (entry.student.id, entry.exercise) == (change.student, change.exercise)
        if mine and entry.points is not None and entry.points > entry.possible:
            return _(
                "{student} now has {points} points for {exercise}, more than the {possible} possible ones",
                student=entry.student.id,
                points=number(entry.points),
                exercise=entry.exercise,
                possible=number(entry.possible),
            )
    return None
