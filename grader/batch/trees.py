"""Every file below a folder or in an archive that may be a submission, without reading any."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from grader.batch.archives import ARCHIVE_SUFFIX, read_archive
from grader.batch.metadata import METADATA_FILE
from grader.batch.records import FileEntry, Problem, Tree
from grader.errors import UsageError
from grader.language import _
from grader.submission.files import MODULE_SUFFIX, NOTEBOOK_SUFFIX, read_bytes
from grader.submission.wording import printable

SOURCES: Final = (MODULE_SUFFIX, NOTEBOOK_SUFFIX)
_JUNK: Final = frozenset({"__macosx", "__pycache__", "node_modules", "venv", "site-packages"})
"""Folders that systems and tools leave behind. Hidden ones are left out too."""
_DEPTH: Final = 12
_FILES: Final = 500_000


def open_tree(path: Path) -> Tree:
    """What the folder or zip archive at `path` holds. Raises UsageError where it is neither or cannot be read."""
    if path.is_dir():
        files: list[FileEntry] = []
        problems: list[Problem] = []
        for parts, file in _walk(path, ()):
            _add(file, parts, files, problems)
        return Tree(path.resolve().name, tuple(files), tuple(problems))
    if path.suffix.casefold() == ARCHIVE_SUFFIX and path.is_file():
        entries, refused = read_archive(path, (), is_wanted)
        return Tree(path.stem, tuple(sorted(entries, key=lambda entry: entry.parts)), tuple(refused))
    if not path.exists():
        raise UsageError(
            _("There is no {path}. Name the folder or the zip archive of submissions.", path=printable(path))
        )
    raise UsageError(_("{path} is neither a folder nor a zip archive of submissions.", path=printable(path)))


def is_wanted(parts: tuple[str, ...]) -> bool:
    """Whether a file of this way down may matter: sources, archives, Gradescope's metadata; nothing hidden."""
    # What leads upwards is no hidden file, and is refused with its reason.
    if any((part.startswith(".") and part != "..") or part.casefold() in _JUNK for part in parts):
        return False
    name = parts[-1].casefold()
    return name.endswith((*SOURCES, ARCHIVE_SUFFIX)) or name == METADATA_FILE


def _walk(folder: Path, below: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], os.DirEntry[str]]]:
    """The wanted files below `folder`, in the order of their names; links to folders are not followed."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        raise UsageError(
            _("{path} cannot be read: {reason}.", path=printable(folder), reason=printable(error.strerror or error))
        ) from error
    for entry in entries:
        parts = (*below, entry.name)
        if entry.is_dir(follow_symlinks=False):
            if is_wanted((*parts, METADATA_FILE)) and len(parts) < _DEPTH:
                yield from _walk(Path(entry.path), parts)
        elif is_wanted(parts):
            yield parts, entry


def _add(entry: os.DirEntry[str], parts: tuple[str, ...], files: list[FileEntry], problems: list[Problem]) -> None:
    path = Path(entry.path)
    if len(files) > _FILES:
        raise UsageError(_("There are more than {most} files here, the most that are read.", most=_FILES))
    if entry.name.casefold().endswith(ARCHIVE_SUFFIX) and not entry.is_symlink():
        try:
            inner, refused = read_archive(path, (*parts[:-1], path.stem), is_wanted)
        except UsageError as error:
            problems.append(Problem(path=printable("/".join(parts)), reason=error.message))
            return
        files.extend(sorted(inner, key=lambda file: file.parts))
        problems.extend(refused)
        return
    modified = entry.stat(follow_symlinks=False).st_mtime
    files.append(FileEntry(parts, modified, lambda limit: read_bytes(path, limit)))
