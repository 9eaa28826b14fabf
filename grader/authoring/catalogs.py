"""A course's own sentences and their translations: gettext catalogs, brought in step with the checks and compiled."""

from __future__ import annotations

import ast
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from grader.course import Course
from grader.errors import CourseError
from grader.language import _
from grader.records import Record

FILE: Final = "checks.po"
_MAGIC: Final = 0x950412DE
SOURCE: Final = "en"
"""The language that sentences are written in."""


class CatalogFacts(Record, frozen=True, kw_only=True):
    """One catalog: its file, how many sentences it has, and those that have no translation yet."""

    file: Path
    count: int
    missing: tuple[str, ...]


def update_catalogs(course: Course) -> list[CatalogFacts]:
    """Bring the catalogs of the course's first catalog folder in step with its checks, and compile them.

    New sentences come in without a translation, those no longer said go out. Raises CourseError where the course names
    no folder of its own, or a file cannot be read.
    """
    own = [folder for folder in course.catalogs if folder.is_relative_to(course.folder)]
    if not own:
        raise CourseError(
            _('{file} names no catalogs of its own: add `catalogs = ["locale"]`.', file=str(course.folder))
        )
    said = list(dict.fromkeys(sentences(course)))
    return [_updated(own[0], language, said) for language in course.languages if language != SOURCE]


def sentences(course: Course) -> Iterator[str]:
    """What the check files, and the modules beside them, mark for translation. Raises CourseError."""
    for file in check_modules(course):
        yield from sentences_of(file)


def check_modules(course: Course) -> list[Path]:
    """The check files of a course, and the modules beside them."""
    folders = dict.fromkeys(exercise.checks.parent for exercise in course.exercises)
    return [file for folder in folders for file in sorted(folder.glob("*.py"))]


def sentences_of(file: Path) -> Iterator[str]:
    """What one file marks for translation. Raises CourseError where it cannot be read."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError) as error:
        raise CourseError(_("{file} cannot be read: {reason}.", file=str(file), reason=str(error))) from error
    yield from sentences_in(tree)


def sentences_in(tree: ast.Module) -> Iterator[str]:
    """What a module marks for translation, from its top to its end."""
    for node in sorted(_marked(tree), key=lambda node: (node.lineno, node.col_offset)):
        match node.args[0]:
            case ast.Constant(value=str(sentence)):
                yield sentence


def _marked(tree: ast.Module) -> list[ast.Call]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "_"]


def read_catalog(text: str) -> dict[str, str]:
    """The translation of each sentence of a `.po` file, empty where there is none; the header has an empty sentence."""
    entries: dict[str, str] = {}
    parts: dict[str, list[str]] = {}
    current = ""
    for line in [*text.splitlines(), "msgid"]:
        word, _space, rest = line.strip().partition(" ")
        if word == "msgid":
            if "msgstr" in parts:
                entries["".join(parts["msgid"])] = "".join(parts["msgstr"])
            parts = {}
        if word in {"msgid", "msgstr"}:
            current, parts[word] = word, [ast.literal_eval(rest)] if rest else []
        elif line.strip().startswith('"') and current:
            parts[current].append(ast.literal_eval(line.strip()))
    return entries


def compiled(entries: dict[str, str]) -> bytes:
    """The `.mo` file of a catalog, without what is not translated; the same bytes each time."""
    pairs = sorted((english.encode(), other.encode()) for english, other in entries.items() if other)
    keys: list[int] = []
    values: list[int] = []
    data = b""
    start = 7 * 4 + 16 * len(pairs)
    for table, texts in ((keys, [key for key, _value in pairs]), (values, [value for _key, value in pairs])):
        for text in texts:
            table += [len(text), start + len(data)]
            data += text + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + struct.pack(f"<{len(keys) + len(values)}I", *keys, *values) + data


def _updated(folder: Path, language: str, said: Iterable[str]) -> CatalogFacts:
    file = folder / language / "LC_MESSAGES" / FILE
    try:
        known = read_catalog(file.read_text("utf-8")) if file.is_file() else {}
        entries = {sentence: known.get(sentence, "") for sentence in said}
        header = f"Language: {language}\nContent-Type: text/plain; charset=utf-8\n"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_written({"": header, **entries}), encoding="utf-8", newline="\n")
        file.with_suffix(".mo").write_bytes(compiled({"": header, **entries}))
    except (OSError, ValueError, SyntaxError) as error:
        raise CourseError(_("{file} cannot be read: {reason}.", file=str(file), reason=str(error))) from error
    missing = tuple(sentence for sentence, other in entries.items() if not other)
    return CatalogFacts(file=file, count=len(entries), missing=missing)


def _written(entries: dict[str, str]) -> str:
    return "\n".join(f"msgid {_quoted(english)}\nmsgstr {_quoted(other)}\n" for english, other in entries.items())


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    lines = escaped.split("\n")
    if len(lines) == 1:
        return f'"{escaped}"'
    whole = [f'"{line}\\n"' for line in lines[:-1]] + ([f'"{lines[-1]}"'] if lines[-1] else [])
    return '""\n' + "\n".join(whole)
