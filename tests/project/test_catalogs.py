from __future__ import annotations

import gettext
import io
import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from grader.authoring.catalogs import sentences_of
from scripts.catalogs import sentences, sources_of
from tests.project.files import PACKAGE, name_of

_FOLDERS = (PACKAGE / "locale", PACKAGE / "checks" / "locale")
_CATALOGS = [file for folder in _FOLDERS for file in sorted(folder.glob("*/LC_MESSAGES/*.po"))]


def _read(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream, abort_invalid=True)


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("folder", _FOLDERS, ids=name_of)
def test_every_set_of_sentences_has_a_korean_catalog(folder: Path) -> None:
    assert list((folder / "ko" / "LC_MESSAGES").glob("*.po"))


@pytest.mark.parametrize("file", _CATALOGS, ids=name_of)
def test_a_catalog_has_the_sentences_of_the_code(file: Path) -> None:
    folder = file.parent.parent.parent
    ours = {message.id for message in _read(file) if message.id}
    assert ours == set(sentences(sources_of(folder)))


def test_what_the_commands_count_may_be_one() -> None:
    commands = sorted((PACKAGE / "cli").glob("*.py"))
    plurals = [sentence for sentence in sentences(commands) if re.search(r"(?<!of )\{count\} [a-z]+s\b", sentence)]
    assert plurals == []


@pytest.mark.parametrize("file", _CATALOGS, ids=name_of)
def test_every_sentence_is_translated(file: Path) -> None:
    untranslated = [message.id for message in _read(file) if message.id and (not message.string or message.fuzzy)]
    assert untranslated == []


@pytest.mark.parametrize("file", _CATALOGS, ids=name_of)
def test_a_translation_has_the_places_of_its_sentence(file: Path) -> None:
    differing = [
        message.id
        for message in _read(file)
        if isinstance(message.id, str)
        and isinstance(message.string, str)
        and not _places(message.string) <= _places(message.id)
    ]
    assert differing == []


@pytest.mark.parametrize("file", _CATALOGS, ids=name_of)
def test_a_compiled_catalog_is_that_of_its_source(file: Path) -> None:
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


def test_sentences_within_other_code_are_found_by_every_python(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("a = f\"{render(_('within a string'))}\"\nb = _('around {it}', it=_('within a call'))\n", "utf-8")
    assert {*sentences_of(file)} == {"within a string", "around {it}", "within a call"}
