"""Brings the catalogs of translations in step with the code, and compiles them.

    python scripts/catalogs.py [--check]

Sentences are what the code marks with `_("...")`. New ones come in untranslated, those no longer said go out; fill the
empty `msgstr` in the `.po` files and run it again. Exits with 1 if a sentence has no translation yet, with `--check`
without writing anything.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from grader.authoring.catalogs import sentences_of

PACKAGE = Path(__file__).resolve().parent.parent / "grader"
CHECKS = PACKAGE / "checks"
LANGUAGES = ("ko",)
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)


def sources_of(folder: Path) -> list[Path]:
    """The files whose sentences a folder of catalogs holds."""
    if folder.parent == CHECKS:
        return sorted(CHECKS.rglob("*.py"))
    return [path for path in sorted(PACKAGE.rglob("*.py")) if CHECKS not in path.parents]


def sentences(files: Iterable[Path]) -> dict[str, str]:
    """Each sentence with the file that says it first, from the package's folder."""
    found: dict[str, str] = {}
    for file in files:
        for sentence in sentences_of(file):
            found.setdefault(sentence, file.relative_to(PACKAGE).as_posix())
    return found


def updated(file: Path, language: str, said: dict[str, str]) -> Catalog:
    """The catalog in `file` with exactly the sentences that are `said`."""
    old = Catalog(locale=language)
    if file.is_file():
        with file.open("rb") as stream:
            old = read_po(stream, locale=language)
    new = Catalog(locale=language, fuzzy=False, header_comment="")
    for sentence, source in said.items():
        known = old.get(sentence)
        new.add(sentence, known.string if known is not None and known.string else "", locations=[(source, 0)])
    return new


def written(catalog: Catalog) -> tuple[bytes, bytes]:
    """The catalog as text and compiled; neither holds a date, so that equal catalogs are equal files."""
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, catalog, width=100, omit_header=True, include_lineno=False)
    header = f'msgid ""\nmsgstr ""\n"Language: {catalog.locale}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    content = header.encode() + text.getvalue()
    dateless = read_po(io.BytesIO(content))
    dateless.creation_date = dateless.revision_date = _NO_DATE
    write_mo(compiled, dateless)
    return content, compiled.getvalue()


def main() -> int:
    """Update both folders of catalogs; the exit code."""
    parser = argparse.ArgumentParser(description="Update and compile the catalogs of translations.")
    parser.add_argument("--check", action="store_true", help="change nothing, only tell what is missing")
    check = parser.parse_args().check
    missing = 0
    for folder, name in ((PACKAGE / "locale", "grader"), (CHECKS / "locale", "checks")):
        said = sentences(sources_of(folder))
        for language in LANGUAGES:
            file = folder / language / "LC_MESSAGES" / f"{name}.po"
            catalog = updated(file, language, said)
            empty = [message.id for message in catalog if message.id and not message.string]
            missing += len(empty)
            print(f"{file.relative_to(PACKAGE.parent)}: {len(said)} sentences, {len(empty)} without a translation")
            if not check:
                file.parent.mkdir(parents=True, exist_ok=True)
                content, compiled = written(catalog)
                file.write_bytes(content)
                file.with_suffix(".mo").write_bytes(compiled)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
