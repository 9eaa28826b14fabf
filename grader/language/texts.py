"""Translatable sentences as data, and the translator that turns them into one language's words."""

from __future__ import annotations

import gettext
import string
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.language.particles import PAIRS, with_particle

PROGRAM_CATALOGS = Path(__file__).parent.parent / "locale"
_QUOTES = ("", "`", '"')


class Text:
    """A sentence in English with named places, `{like_this}`, and the values for them.

    It stays untranslated until a `Translator` renders it, so that a report can be written in any language.
    A value may be a `Text` itself.
    """

    __slots__ = ("msgid", "values")

    def __init__(self, msgid: str, values: Mapping[str, Any] | None = None) -> None:
        self.msgid = msgid
        self.values = dict(values or {})

    def __str__(self) -> str:
        return Translator.english().render(self)

    def __repr__(self) -> str:
        return f"Text({self.msgid!r}, {self.values!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and (self.msgid, self.values) == (other.msgid, other.values)

    def __hash__(self) -> int:
        return hash(self.msgid)


def _(msgid: str, **values: Any) -> Text:
    """Mark `msgid` for translation, with the values for its places."""
    return Text(msgid, values)


class _Formatter(string.Formatter):
    """`str.format`, where the format specification may end in a pair of Korean particles: `{name:은/는}`.

    What stands before the pair is the value's own format, `{share:.1f이/가}`, or the quotation mark to put around it.
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        pair = next((pair for pair in PAIRS if format_spec.endswith(pair)), "")
        own = format_spec.removesuffix(pair)
        if pair and own in _QUOTES:
            return with_particle(f"{own}{value}{own}", pair)
        formatted = str(super().format_field(value, own))
        return with_particle(formatted, pair) if pair else formatted


class Translator:
    """Renders texts in one language, asking the catalogs in order and falling back to English.

    `catalogs` are folders in gettext's layout, `<language>/LC_MESSAGES/<anything>.mo`.
    """

    def __init__(self, language: str, catalogs: Sequence[Path] = (PROGRAM_CATALOGS,)) -> None:
        self.language = language
        self._catalogs = [
            _read_catalog(file) for folder in catalogs for file in sorted(folder.glob(f"{language}/LC_MESSAGES/*.mo"))
        ]
        self._formatter = _Formatter()

    @classmethod
    def english(cls) -> Translator:
        """The translator that leaves every sentence as it was written."""
        return cls("en", ())

    def render(self, text: Text | str) -> str:
        """`text` in this translator's language; a plain `str` is returned as it is."""
        if isinstance(text, str):
            return text
        values = {name: self.render(value) if isinstance(value, Text) else value for name, value in text.values.items()}
        translated = self._lookup(text.msgid)
        try:
            return self._formatter.vformat(translated, (), values)
        except (LookupError, ValueError, AttributeError, TypeError):
            if translated == text.msgid:
                raise
            # A slip in a course's catalog, such as a place that the sentence does not have, costs nobody a report.
            return self._formatter.vformat(text.msgid, (), values)

    def has(self, text: Text) -> bool:
        """Whether a catalog of this language knows `text`, in whatever words."""
        return any(_knows(catalog, text.msgid) for catalog in self._catalogs)

    def _lookup(self, msgid: str) -> str:
        for catalog in self._catalogs:
            translated = catalog.gettext(msgid)
            if translated != msgid:
                return translated
        return msgid


def _knows(catalog: gettext.GNUTranslations, msgid: str) -> bool:
    """A sentence that is the same in both languages is known too, which `gettext` does not tell."""
    known: Mapping[str, str] = getattr(catalog, "_catalog", {})
    return msgid in known


def _read_catalog(file: Path) -> gettext.GNUTranslations:
    with file.open("rb") as stream:
        return gettext.GNUTranslations(stream)
