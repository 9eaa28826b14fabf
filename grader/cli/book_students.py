"""Whom `--student` means: an id, else the e-mail address or the name of just one student."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.language import _

if TYPE_CHECKING:
    from grader.gradebook import Student


def student_meant(everyone: Iterable[Student], typed: str) -> Student:
    """The student with the id `typed`, or else the one with this e-mail address or name, whatever its case.

    An id comes first, so that no name of somebody else's can hide it. Raises UsageError where it is nobody's, or where
    several have it: points are never given to one of them by chance.
    """
    from grader.gradebook import stored_id  # noqa: PLC0415 - help does not wait for it

    known = {student.id: student for student in everyone}
    exact = known.get(stored_id(typed)) if typed else None
    if exact is not None:
        return exact
    word = _plain(typed)
    fitting = [student for student in known.values() if word and word in {_plain(student.email), _plain(student.name)}]
    if not fitting:
        raise UsageError(_("The gradebook has no student {student}. `grade book` shows who is in it.", student=typed))
    if len(fitting) > 1:
        ids = ", ".join(student.id for student in fitting)
        raise UsageError(_("{student} may be any of several students; give an id: {ids}.", student=typed, ids=ids))
    return fitting[0]


def _plain(text: str) -> str:
    """`text` as people compare names: composed, since macOS hands in Hangul in pieces, and without case."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())
