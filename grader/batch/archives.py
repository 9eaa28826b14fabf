"""Reading a zip archive in place: nothing is extracted, and each entry that should not be read is refused by itself."""

from __future__ import annotations

import stat
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from grader.batch.records import FileEntry, Problem
from grader.errors import SubmissionError, UsageError
from grader.language import Text, _
from grader.submission.wording import printable

ARCHIVE_SUFFIX: Final = ".zip"
ENTRIES: Final = 200_000
"""most entries of one archive"""
_NAME_CHARACTERS: Final = 1_000
_DEPTH: Final = 30
_ENCRYPTED, _UTF8_NAMES = 0x1, 0x800
_RATIO: Final = 1_000
"""DEFLATE cannot do better than 1,032; source code does 10"""
_HARMLESS_BYTES: Final = 1_000_000
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)


def read_archive(
    path: Path, below: tuple[str, ...], wanted: Callable[[tuple[str, ...]], bool]
) -> tuple[list[FileEntry], list[Problem]]:
    """The wanted files of the archive at `path`, whose parts begin with `below`, and what was refused and why.

    The archive stays open for reading them. Raises UsageError where it is no archive at all, or one of far too many
    entries.
    """
    try:
        archive = zipfile.ZipFile(path)  # read as long as the batch lasts
        entries = archive.infolist()
    except _BROKEN as error:
        raise UsageError(
            _("{path} is no zip archive that can be read: {reason}.", path=printable(path), reason=printable(error))
        ) from None
    if len(entries) > ENTRIES:
        archive.close()
        raise UsageError(
            _("{path} has more than {most} entries, the most that are read.", path=printable(path), most=ENTRIES)
        )
    files: dict[tuple[str, ...], FileEntry] = {}
    problems: list[Problem] = []
    for entry in entries:
        name = _name_of(entry)
        parts = tuple(part for part in name.replace("\\", "/").split("/") if part not in {"", "."})
        if entry.is_dir() or not parts or not wanted(parts):
            continue
        shown = "/".join((*below, name))
        reason = _refusal(entry, name, parts)
        if reason is None and parts in files:
            reason = _("The archive has two entries of this name; the last one counts.")
            files[parts] = _file(archive, entry, (*below, *parts))
        elif reason is None:
            files[parts] = _file(archive, entry, (*below, *parts))
        if reason is not None:
            problems.append(Problem(path=printable(shown[:_NAME_CHARACTERS]), reason=reason))
    return list(files.values()), problems


def _refusal(entry: zipfile.ZipInfo, name: str, parts: tuple[str, ...]) -> Text | None:
    """Why this entry is not read; None for an ordinary file."""
    for refused, reason in _refusals(entry, name, parts):
        if refused:
            return reason
    return None


def _refusals(entry: zipfile.ZipInfo, name: str, parts: tuple[str, ...]) -> Iterator[tuple[bool, Text]]:
    too_long = len(name) > _NAME_CHARACTERS or len(parts) > _DEPTH
    yield too_long, _("The name of this entry is absurdly long or deep.")
    outside = name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0][:2] or "\0" in name
    yield outside, _("The name of this entry leads out of the archive.")
    yield bool(entry.flag_bits & _ENCRYPTED), _("It is encrypted. Ask for an archive without a password.")
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    yield is_link, _("It is a link, and links are not followed.")
    nested = name.casefold().endswith(ARCHIVE_SUFFIX)
    yield nested, _("It is an archive inside an archive, which is not opened. Hand in the files themselves.")
    bomb = entry.file_size > max(_HARMLESS_BYTES, _RATIO * entry.compress_size)
    yield bomb, _("It would unpack to {ratio} times its size or more, as an archive bomb does.", ratio=_RATIO)


def _file(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, parts: tuple[str, ...]) -> FileEntry:
    shown = printable("/".join(parts))

    def read(limit: int) -> bytes:
        try:
            with archive.open(entry) as stream:
                content = stream.read(limit + 1)
        except _BROKEN as error:
            raise SubmissionError(_("{path} cannot be read: {reason}.", path=shown, reason=printable(error))) from None
        if len(content) > limit:
            raise SubmissionError(
                _(
                    "{path} is larger than {limit} MB, the most that is read. Remove large outputs or data from it.",
                    path=shown,
                    limit=limit // 1_000_000,
                )
            )
        return content

    return FileEntry(parts, _modified(entry), read)


def _modified(entry: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*entry.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The entry's name, in UTF-8 or as Korean Windows writes it where the archive does not say which."""
    if entry.flag_bits & _UTF8_NAMES:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename
