"""Which language to speak: the one that was asked for, else the locale's, else the course's, else English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from grader.errors import UsageError
from grader.language import PROGRAM_CATALOGS, _

DEFAULT: Final = "en"
LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which POSIX asks them; the first that is set decides."""
OPTION: Final = "--lang"


def program_languages() -> tuple[str, ...]:
    """The languages that the program itself speaks."""
    translated = (folder.parent.name for folder in PROGRAM_CATALOGS.glob("*/LC_MESSAGES"))
    return (DEFAULT, *sorted(set(translated) - {DEFAULT}))


def locale_language(environment: Mapping[str, str]) -> str | None:
    """The language of the locale, such as "ko" for `ko_KR.UTF-8`; None for `C` and where none is set."""
    for variable in LOCALE_VARIABLES:
        if environment.get(variable):
            language = base_language(environment[variable])
            return None if language in {"c", "posix"} else language
    return None


def choose_language(
    given: str | None, known: Iterable[str], environment: Mapping[str, str], *, otherwise: str | None = None
) -> str:
    """The language of `known` to speak, where `given` is what was asked for, if anything.

    Else it is the locale's; where that says none, or one that is not known, it is `otherwise`, else English. Raises
    UsageError if what was asked for is not known.
    """
    there_are = tuple(dict.fromkeys((*known, *program_languages())))
    if given is None:
        found = locale_language(environment)
        return found if found is not None and found in there_are else otherwise or DEFAULT
    if base_language(given) not in there_are:
        raise UsageError(
            _(
                "The language {given} is not known here. Choose one of: {known}.",
                given=given,
                known=", ".join(there_are),
            )
        )
    return base_language(given)


def guess_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The program's language for help and errors, found before the arguments are parsed, which may fail."""
    given = None
    for index, argument in enumerate(arguments):
        if argument == OPTION:
            given = next(iter(arguments[index + 1 :]), None)
        elif argument.startswith(f"{OPTION}="):
            given = argument.partition("=")[2]
    try:
        return choose_language(given, (), environment)
    except UsageError:
        return choose_language(None, (), environment)


def base_language(name: str) -> str:
    """The language in a name such as "ko_KR.UTF-8" or "ko-KR"."""
    return re.split(r"[-_.@]", name.strip().lower(), maxsplit=1)[0]
