"""Which file is the submission: the one that was named, or the one that has the exercise's name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from grader.errors import SubmissionError
from grader.language import Text, _, nearest, reason_of
from grader.submission.files import MODULE_SUFFIX, NOTEBOOK_SUFFIX, is_regular_file, refusal
from grader.submission.wording import listed, printable

SUFFIXES = (MODULE_SUFFIX, NOTEBOOK_SUFFIX)
EXERCISES = "exercises"
"""the folder of the exercises in a student's own copy"""
ENTRIES = 10_000
"""entries of a folder that are looked at"""


def find_submission(path: Path | None, *, stem: str, folders: Sequence[Path]) -> tuple[Path, tuple[Text, ...]]:
    """The file to grade, and notes on what else could have been meant.

    `path` is a file or a folder; without it, the first of `folders` that holds `<stem>.py` or `<stem>.ipynb` counts.
    Of two such files in one folder the newer one counts. A folder given as `path` may also hold the file one folder
    down, or in a folder of its `exercises`, or one single module or notebook of any name.

    Raises SubmissionError, which says what to do.
    """
    if path is None:
        return _in_folders(stem, folders)
    has_suffix = path.suffix.casefold() in SUFFIXES
    try:
        mode = path.lstat().st_mode
        if path.is_dir() and not has_suffix:
            return _in_folder(path, stem)
    except (OSError, ValueError) as error:
        raise _missing(path) from error
    reason = refusal(path, mode)
    if reason is not None:
        raise SubmissionError(reason)
    if not has_suffix:
        raise SubmissionError(_("{path} is neither a Python file (.py) nor a notebook (.ipynb).", path=printable(path)))
    return path, ()


def _in_folders(stem: str, folders: Sequence[Path]) -> tuple[Path, tuple[Text, ...]]:
    distinct = _distinct(folders)
    holding = [named for folder in distinct if (named := _named(folder, stem))]
    if not holding:
        refused = [reason for folder in distinct for reason in _refusals(folder, stem)]
        if refused:
            raise SubmissionError(refused[0])
        raise SubmissionError(
            _(
                "There is no {stem}.py or {stem}.ipynb in {folders}. Name the file or folder to grade in the command; "
                "`grade init FOLDER` makes a folder to start from.",
                stem=stem,
                folders=listed(distinct, _shown),
            )
        )
    chosen, notes = _newer(holding[0])
    elsewhere = tuple(
        _("{other} is there too; {chosen} is graded.", other=printable(other), chosen=printable(chosen))
        for named in holding[1:]
        for other in named
    )
    return chosen, notes + elsewhere


def _in_folder(folder: Path, stem: str) -> tuple[Path, tuple[Text, ...]]:
    named = _named(folder, stem)
    if named:
        return _newer(named)
    below = [holding for holding in _below(folder) if _named(holding, stem)]
    if len(below) == 1:
        return _newer(_named(below[0], stem))
    if below:
        raise SubmissionError(
            _(
                "{folder} holds {stem} in several folders: {names}. Name one of them.",
                folder=_shown(folder),
                stem=stem,
                names=listed(below, printable),
            )
        )
    candidates = _candidates(folder)
    if len(candidates) == 1:
        return candidates[0], ()
    refused = _refusals(folder, stem)
    if refused:
        raise SubmissionError(refused[0])
    if not candidates:
        raise SubmissionError(_("There is no {stem}.py or {stem}.ipynb in {folder}.", stem=stem, folder=_shown(folder)))
    raise SubmissionError(
        _(
            "{folder} holds no {stem}.py or {stem}.ipynb, but several other files: {names}. Name one of them.",
            folder=_shown(folder),
            stem=stem,
            names=listed([candidate.name for candidate in candidates], printable),
        )
    )


def _shown(folder: Path) -> Text | str:
    """`folder` as it stands in a sentence, where the current folder's "." would be taken for a full stop."""
    return _("this folder") if folder == Path() else printable(folder)


def _distinct(folders: Iterable[Path]) -> list[Path]:
    """`folders` without those that are the same folder by another name."""
    return list({os.path.realpath(folder): folder for folder in reversed(list(folders))}.values())[::-1]


def _named(folder: Path, stem: str) -> list[Path]:
    return [file for suffix in SUFFIXES if is_regular_file(file := folder / (stem + suffix))]


def _refusals(folder: Path, stem: str) -> list[Text]:
    """Why what has the right name in `folder` is not read."""
    reasons = []
    for suffix in SUFFIXES:
        path = folder / (stem + suffix)
        try:
            reason = refusal(path, path.lstat().st_mode)
        except OSError:
            continue
        if reason is not None:
            reasons.append(reason)
    return reasons


def _newer(named: Sequence[Path]) -> tuple[Path, tuple[Text, ...]]:
    """The file of `named` that was changed last (of equally old ones the first), and a note if there was a choice."""
    chosen = max(named, key=lambda file: file.lstat().st_mtime_ns)
    others = [file.name for file in named if file is not chosen]
    return chosen, tuple(
        _(
            "Both {chosen} and {other} are there; {chosen} is graded, because it was changed last.",
            chosen=printable(chosen.name),
            other=printable(other),
        )
        for other in others
    )


def _below(folder: Path) -> list[Path]:
    """The folders in `folder` and in its `exercises`, by name, without hidden ones and links."""
    found = []
    for parent in (folder, folder / EXERCISES):
        try:
            with os.scandir(parent) as entries:
                found += sorted(
                    parent / entry.name
                    for entry in islice(entries, ENTRIES)
                    if entry.is_dir(follow_symlinks=False) and not entry.name.startswith((".", "__"))
                )
        except OSError:
            continue
    return found


def _candidates(folder: Path) -> list[Path]:
    """The modules and notebooks in `folder`, by name. Hidden files are the system's or an editor's, not a student's."""
    try:
        with os.scandir(folder) as entries:
            names = [
                entry.name
                for entry in islice(entries, ENTRIES)
                if entry.is_file(follow_symlinks=False)
                and os.path.splitext(entry.name)[1].casefold() in SUFFIXES  # noqa: PTH122 - a name, not a path
                and not entry.name.startswith((".", "__"))
            ]
    except OSError as error:
        raise SubmissionError(
            _("{path} cannot be read: {reason}.", path=_shown(folder), reason=reason_of(error))
        ) from error
    return [folder / name for name in sorted(names)]


def _missing(path: Path) -> SubmissionError:
    try:
        similar = nearest(path.name, [file.name for file in _candidates(path.parent)])
    except (SubmissionError, ValueError):
        similar = None
    if similar is not None:
        return SubmissionError(
            _("There is no {path}. Did you mean {similar}?", path=printable(path), similar=printable(similar))
        )
    return SubmissionError(_("There is no {path}. Name a .py or .ipynb file, or its folder.", path=printable(path)))
