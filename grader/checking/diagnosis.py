"""From an exception of the student's code to the mistake that is likely behind it. The mistakes are data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from grader.checking.display import cap
from grader.language import Text

_GROUP_LENGTH = 60


@dataclass(frozen=True, slots=True, eq=False)
class Diagnosis:
    """A pattern, looked for in `ClassName: text of the exception`, and what it means.

    Named groups of the pattern are places of `message` and `hint`: `(?P<name>...)` fills `{name}`.
    """

    pattern: str
    message: Text
    hint: Text | None = None


def diagnose_exception(
    exception: str, text: str, diagnoses: Iterable[Diagnosis] | None = None
) -> tuple[Text | None, Text | None]:
    """What the exception of class `exception` that said `text` means, and the next step; None where that is not known.

    `diagnoses` are tried in order; without them, those of this program.
    """
    told = f"{exception}: {text}"
    for diagnosis in built_in() if diagnoses is None else diagnoses:
        match = re.search(diagnosis.pattern, told, re.DOTALL)
        if match is not None:
            places = {name: cap(value or "", _GROUP_LENGTH) for name, value in match.groupdict().items()}
            return _filled(diagnosis.message, places), diagnosis.hint and _filled(diagnosis.hint, places)
    return None, None


def built_in() -> tuple[Diagnosis, ...]:
    """The diagnoses of this program: those of Keras first, since theirs are the more particular ones."""
    from grader.checking.keras_diagnoses import KERAS_DIAGNOSES  # noqa: PLC0415 - these import this module
    from grader.checking.python_diagnoses import PYTHON_DIAGNOSES  # noqa: PLC0415 - as above

    return (*KERAS_DIAGNOSES, *PYTHON_DIAGNOSES)


def _filled(text: Text, places: dict[str, str]) -> Text:
    return Text(text.msgid, {**text.values, **places})
