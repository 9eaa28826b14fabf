"""Reading zip archives in place: nothing is extracted, and each entry that should not be read is refused by itself."""

from __future__ import annotations

import contextlib
import io
import lzma
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from typing import ClassVar, Final

from grader.cohort.gathering import Gathered, Parts
from grader.cohort.names import composed
from grader.cohort.records import FileEntry, Problem, not_read
from grader.errors import GraderError, SubmissionError, UsageError
from grader.language import Text, _, reason_of
from grader.submission.wording import printable

ARCHIVE_SUFFIX: Final = ".zip"
ENTRIES: Final = 200_000
"""most entries of a class's archive"""
INNER_ENTRIES: Final = 20_000
"""most entries of a student's"""
INNER_BYTES: Final = 100_000_000
"""most bytes of a student's archive inside the class's, which is held in memory while a file of it is read"""
_NAME_CHARACTERS: Final = 1_000
_DEPTH: Final = 30
_ENCRYPTED, _UTF8_NAMES = 0x1, 0x800
_RATIO: Final = 1_000
"""DEFLATE cannot do better than 1,032; source code does 10"""
_HARMLESS_BYTES: Final = 1_000_000
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)
_Read = Callable[[int], bytes]


class Archive:
    """A zip archive: a file, or the bytes that `content` gives. It stays open until the next one is, or for all time.

    A class hands in more archives than a process may have open files, and the files of one are read one after another;
    to open it for each would take as long as it has entries. Only a class's own `stays_open`.
    """

    _last: ClassVar[Archive | None] = None

    def __init__(self, path: Path, *, content: _Read | None = None, stays_open: bool = False) -> None:
        self.path = path
        self.most = ENTRIES if stays_open else INNER_ENTRIES
        self._content = content
        self._stays_open = stays_open
        self._held: zipfile.ZipFile | None = None

    def opened(self) -> AbstractContextManager[zipfile.ZipFile]:
        """A context in which it is open. Raises what `zipfile` does, and SubmissionError."""
        if self._held is not None:
            return contextlib.nullcontext(self._held)
        opened = zipfile.ZipFile(self.path if self._content is None else io.BytesIO(self._content(INNER_BYTES)))
        self._held = opened
        if not self._stays_open:
            if Archive._last is not None:
                Archive._last.close()
            Archive._last = self
        return contextlib.nullcontext(opened)

    def close(self) -> None:
        """Close it; it is opened again where it is read. A second call does nothing."""
        if self._held is not None:
            self._held.close()
            self._held = None


def gather_archive(archive: Archive, below: Parts, gathered: Gathered, *, inner: bool = False) -> None:
    """Gather the files of `archive`, whose parts begin with `below`; with `inner` also those of archives inside it.

    A student's, which lies `below` something, leaves an entry even where there is nothing in it to read, so that its
    student is somebody who handed in. Raises UsageError where it is no archive at all, or one of far too many entries.
    """
    # Where a student's archive lies is told beside the sentence.
    called = printable(archive.path.name if below else archive.path)
    files_before, told_before, folders_before = len(gathered.files), len(gathered.problems), len(gathered.folders)
    files: dict[Parts, FileEntry] = {}
    for entry in _entries(archive, called):
        name = _name_of(entry)
        own = tuple(composed(part) for part in name.replace("\\", "/").split("/") if part not in {"", "."})
        if not own or gathered.leaves_out(own):
            continue
        parts, shown = (*below, *own), printable("/".join((*below, name))[:_NAME_CHARACTERS])
        reason = next((why for refused, why in _outside(name, own) if refused), None)
        if reason is not None:
            gathered.problems.append(Problem(path=shown, reason=reason))
        elif entry.is_dir():
            gathered.folders.append(parts)
        elif own[-1].casefold().endswith(ARCHIVE_SUFFIX):
            _gather_inner(archive, entry, parts, gathered, inner=inner)
        else:
            if parts in files:
                reason = _("The archive has two entries of this name; the last one counts.")
                gathered.problems.append(Problem(path=shown, reason=reason))
            files[parts] = _file(archive, entry, parts)
    for file in files.values():
        gathered.add(file)
    refused = len(gathered.problems) > told_before
    # A folder in which there is nothing tells of itself.
    if below and len(gathered.files) == files_before and (refused or len(gathered.folders) == folders_before):
        gathered.add(not_read((*below, ""), _nothing_in(called, refused=refused)))


def _entries(archive: Archive, called: str) -> list[zipfile.ZipInfo]:
    """What is in it. Raises UsageError, which speaks of what it is `called`."""
    try:
        with archive.opened() as opened:
            entries = opened.infolist()
    except _BROKEN as error:
        reason = _reason(error, _("it is damaged, cut off, or a file of another kind"))
        raise UsageError(
            _("{path} is no zip archive that can be read: {reason}.", path=called, reason=reason)
        ) from None
    if len(entries) > archive.most:
        raise UsageError(
            _("{path} has more than {most} entries, the most that are read.", path=called, most=archive.most)
        )
    return entries


def _nothing_in(called: str, *, refused: bool) -> Text:
    if not refused:
        return _("There is nothing in it.")
    return _(
        "Nothing in {name} is read: the names of its entries lead out of it, or are absurdly long or deep.",
        name=called,
    )


def _gather_inner(archive: Archive, entry: zipfile.ZipInfo, parts: Parts, gathered: Gathered, *, inner: bool) -> None:
    """What a student's archive inside the class's holds, or why it is not looked at."""
    inside = (*parts[:-1], PurePosixPath(parts[-1]).stem)
    reason: Text | str | None = None
    if not inner:
        reason = _(
            "{path} is an archive inside an archive, which is not opened. Ask for the files themselves.",
            path=printable(parts[-1]),
        )
    else:
        file = _file(archive, entry, parts)
        reason = file.refused
        if reason is None:
            try:
                gather_archive(Archive(Path(*parts), content=file.reader), inside, gathered)
            except GraderError as error:
                reason = error.message
    if reason is not None:
        gathered.add(not_read((*inside, ""), reason))


def _outside(name: str, parts: Parts) -> Iterator[tuple[bool, Text]]:
    too_long = len(name) > _NAME_CHARACTERS or len(parts) > _DEPTH
    yield too_long, _("The name of this entry is absurdly long or deep.")
    outside = name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0][:2] or "\0" in name
    yield outside, _("The name of this entry leads out of the archive.")


def _refusals(entry: zipfile.ZipInfo) -> Iterator[tuple[bool, Text]]:
    yield bool(entry.flag_bits & _ENCRYPTED), _("It is encrypted. Ask for an archive without a password.")
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    yield is_link, _("It is a link, and links are not followed.")
    bomb = entry.file_size > max(_HARMLESS_BYTES, _RATIO * entry.compress_size)
    yield bomb, _("It would unpack to {ratio} times its size or more, as an archive bomb does.", ratio=_RATIO)


def _file(archive: Archive, entry: zipfile.ZipInfo, parts: Parts) -> FileEntry:
    reason = next((why for refused, why in _refusals(entry) if refused), None)
    if reason is not None:
        return not_read(parts, reason)
    shown = printable(parts[-1])  # the way to it is told beside the sentence

    def read(limit: int) -> bytes:
        try:
            with archive.opened() as opened, opened.open(entry) as stream:
                content = stream.read(limit + 1)
        except _BROKEN as error:
            reason = _reason(error, _("the archive is damaged"))
            raise SubmissionError(_("{path} cannot be read: {reason}.", path=shown, reason=reason)) from None
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


def _reason(error: Exception, damaged: Text) -> Text | str:
    """What is told of an error: the system's words, or ours in the place of zipfile's, which are for programmers."""
    if isinstance(error, OSError) and error.strerror:
        return reason_of(error)
    if isinstance(error, RuntimeError):  # NotImplementedError is one too
        return _("it is compressed in a way that is not read here")
    return damaged


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
