from __future__ import annotations

import gettext
import io
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.project.files import PACKAGE, name_of

_CHECKS = PACKAGE / "checks"
_PROGRAM_FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if _CHECKS not in path.parents]
_CATALOGS = {PACKAGE / "locale": _PROGRAM_FILES, _CHECKS / "locale": sorted(_CHECKS.rglob("*.py"))}
_TRANSLATIONS = [
    pytest.param(file, sources, id=name_of(file))
    for folder, sources in _CATALOGS.items()
    for file in sorted(folder.glob("*/LC_MESSAGES/*.po"))
]


def _sentences(sources: list[Path]) -> set[str]:
    """What the code marks with `_(...)`."""
    keywords = {"_": None}
    found = [message[1] for path in sources for message in extract_from_file("python", path, keywords=keywords)]
    return {sentence for sentence in found if isinstance(sentence, str)}


def _read(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream, abort_invalid=True)


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("folder", list(_CATALOGS), ids=name_of)
def test_every_set_of_sentences_has_a_korean_catalog(folder: Path) -> None:
    assert list((folder / "ko" / "LC_MESSAGES").glob("*.po"))


@pytest.mark.parametrize(("file", "sources"), _TRANSLATIONS)
def test_a_catalog_has_the_sentences_of_the_code(file: Path, sources: list[Path]) -> None:
    ours = {message.id for message in _read(file) if message.id}
    assert ours == _sentences(sources)


@pytest.mark.parametrize(("file", "sources"), _TRANSLATIONS)
def test_every_sentence_is_translated(file: Path, sources: list[Path]) -> None:
    assert sources
    untranslated = [message.id for message in _read(file) if message.id and (not message.string or message.fuzzy)]
    assert untranslated == []


@pytest.mark.parametrize(("file", "sources"), _TRANSLATIONS)
def test_a_translation_has_the_places_of_its_sentence(file: Path, sources: list[Path]) -> None:
    assert sources
    differing = [
        message.id
        for message in _read(file)
        if isinstance(message.id, str)
        and isinstance(message.string, str)
        and not _places(message.string) <= _places(message.id)
    ]
    assert differing == []


@pytest.mark.parametrize(("file", "sources"), _TRANSLATIONS)
def test_a_compiled_catalog_is_that_of_its_source(file: Path, sources: list[Path]) -> None:
    assert sources
    stream = io.BytesIO()
    write_mo(stream, _read(file))
    stream.seek(0)
    fresh = gettext.GNUTranslations(stream)
    with file.with_suffix(".mo").open("rb") as compiled:
        shipped = gettext.GNUTranslations(compiled)
    assert _entries(shipped) == _entries(fresh)


def _entries(translations: gettext.GNUTranslations) -> dict[object, str]:
    entries: dict[object, str] = {key: text for key, text in vars(translations)["_catalog"].items() if key}
    return entries
