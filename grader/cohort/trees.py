"""Every file below a folder or in an archive, without reading any."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from grader.cohort.archives import ARCHIVE_SUFFIX, Archive, gather_archive
from grader.cohort.gathering import Gathered, Parts
from grader.cohort.names import composed
from grader.cohort.records import FileEntry, Tree, not_read
from grader.errors import GraderError, UsageError
from grader.language import Text, _, reason_of
from grader.submission.files import read_bytes
from grader.submission.wording import printable

_DEPTH: Final = 12


def open_tree(path: Path, *, without: Path | None = None) -> Tree:
    """What the folder or zip archive at `path` holds, but for the folder `without`.

    Raises UsageError where it is neither or cannot be read.
    """
    gathered = Gathered(without=None if without is None else os.path.realpath(without))
    if path.is_dir():
        try:
            _walk(path, (), gathered)
        except OSError as error:
            raise UsageError(_unreadable(path, error)) from error
        return gathered.tree(path.resolve().name)
    if path.suffix.casefold() == ARCHIVE_SUFFIX and path.is_file():
        # A class's archive stays open as long as the batch lasts; those of students, as long as they are read.
        gather_archive(Archive(path, stays_open=True), (), gathered, inner=True)
        return gathered.tree(path.stem)
    if not path.exists():
        raise not_there(path)
    raise UsageError(_("{path} is neither a folder nor a zip archive of submissions.", path=printable(path)))


def not_there(path: Path) -> UsageError:
    """What is raised where nothing is at `path`."""
    return UsageError(_("There is no {path}. Name the folder or the zip archive of submissions.", path=printable(path)))


def _walk(folder: Path, below: Parts, gathered: Gathered) -> None:
    """Gather what is below `folder`; links to folders are not followed. Raises OSError where it cannot be listed."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        parts = (*below, composed(entry.name))
        if gathered.leaves_out(parts[-1:]) or gathered.is_without(entry.path):
            continue
        if entry.is_dir(follow_symlinks=False):
            _enter(Path(entry.path), parts, gathered)
        else:
            _add(entry, parts, gathered)


def _enter(folder: Path, parts: Parts, gathered: Gathered) -> None:
    if len(parts) >= _DEPTH:
        reason = _("It lies in more than {most} folders, the most that are looked through.", most=_DEPTH)
        gathered.add(not_read((*parts, ""), reason))
        return
    gathered.folders.append(parts)
    try:
        _walk(folder, parts, gathered)
    except OSError as error:
        gathered.add(not_read((*parts, ""), _unreadable(parts[-1], error)))


def _add(entry: os.DirEntry[str], parts: Parts, gathered: Gathered) -> None:
    path = Path(entry.path)
    archive = parts[-1].casefold().endswith(ARCHIVE_SUFFIX)
    inside = (*parts[:-1], Path(parts[-1]).stem, "")
    if entry.is_symlink() and (archive or path.is_dir()):
        reason = _(
            "{path} is a link, and links are not followed. Put the file itself there.", path=printable(parts[-1])
        )
        gathered.add(not_read(inside if archive else (*parts, ""), reason))
    elif archive:
        try:
            gather_archive(Archive(path), inside[:-1], gathered)
        except GraderError as error:
            gathered.add(not_read(inside, error.message))
    else:
        try:
            modified = entry.stat(follow_symlinks=False).st_mtime
        except OSError:
            modified = 0.0  # it has just gone, which is told when it is read
        gathered.add(FileEntry(parts, modified, lambda limit: read_bytes(path, limit, called=parts[-1])))


def _unreadable(path: Path | str, error: OSError) -> Text:
    return _("{path} cannot be read: {reason}.", path=printable(path), reason=reason_of(error))
