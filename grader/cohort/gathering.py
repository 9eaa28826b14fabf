"""What is found while a folder or an archive is looked through, and what of it a tree holds in the end."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final

from grader.cohort.records import FileEntry, Problem, Tree, not_read
from grader.errors import UsageError
from grader.language import _
from grader.submission.wording import listed, printable

_JUNK: Final = frozenset({"__macosx", "__pycache__", "node_modules", "venv", "site-packages", "thumbs.db"})
"""What systems and tools leave behind. Hidden files and folders are left out too."""
_FILES: Final = 500_000
Parts = tuple[str, ...]


@dataclass
class Gathered:
    """Files, folders, and the names of what was left out because systems and tools make it."""

    files: list[FileEntry] = field(default_factory=list)
    folders: list[Parts] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)
    without: str | None = None
    """the real path of a folder that is no part of it"""

    def add(self, file: FileEntry) -> None:
        """One more file. Raises UsageError where there are far too many."""
        if len(self.files) >= _FILES:
            raise UsageError(_("There are more than {most} files here, the most that are read.", most=_FILES))
        self.files.append(file)

    def leaves_out(self, parts: Parts) -> bool:
        """Whether something of this way down is no matter of a student's; it is then noted."""
        for part in parts:
            # What leads upwards is no hidden file, and is refused with its reason.
            if part.casefold() in _JUNK or (part.startswith(".") and part != ".."):
                self.left_out.add(part)
                return True
        return False

    def is_without(self, path: str) -> bool:
        """Whether `path` is the folder that is no part of it."""
        return self.without is not None and os.path.realpath(path) == self.without

    def tree(self, name: str) -> Tree:
        """All of it in order, with an entry for each folder in which there is nothing."""
        used = {file.parts[:depth] for file in self.files for depth in range(1, len(file.parts))}
        used |= {folder[:depth] for folder in self.folders for depth in range(1, len(folder))}
        empty = [not_read((*folder, ""), _("There is nothing in it.")) for folder in self.folders if folder not in used]
        problems = list(self.problems)
        if self.left_out:
            names = listed(sorted(self.left_out), printable)
            reason = _("Left out, since systems and tools make them: {names}.", names=names)
            problems.append(Problem(path=printable(name), reason=reason))
        files = sorted((*self.files, *empty), key=lambda file: file.parts)
        return Tree(name, tuple(files), tuple(problems))
