"""Whether the file that is found here is the one that was graded last."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.cli.courses import from_here
from grader.course import Exercise
from grader.errors import SubmissionError
from grader.records import Report
from grader.submission import find_submission, read_submission


@dataclass(frozen=True, slots=True)
class Changed:
    """A file whose text is not the one that was graded last, and the command that grades it."""

    file: Path
    command: str


def changed_since(
    report: Report, exercise: Exercise, folders: Sequence[Path], *, path: Path | None = None
) -> Changed | None:
    """The file for `exercise` here, if it is not as it was in `report`; None where it is, or where there is no file.

    It is the one that is at the report's path as seen from the current folder, such as one with a name of its own, else
    the one that is found in `folders`, or at the `path` that was named.
    """
    named = Path(report.submission.path)
    found = _found(path, exercise, folders)
    candidates = [named] if not from_here(named).is_absolute() and _is_file(named) else []
    candidates += [found] if found is not None and found not in candidates else []
    if not candidates or any(_digest(file, exercise) == report.submission.sha256 for file in candidates):
        return None
    file = from_here(candidates[0])
    is_found = found is not None and from_here(found) == file and path is None
    return Changed(file, f"grade {exercise.id}" if is_found else f"grade {exercise.id} {shlex.quote(str(file))}")


def _found(path: Path | None, exercise: Exercise, folders: Sequence[Path]) -> Path | None:
    try:
        return find_submission(path, stem=exercise.stem, folders=folders)[0]
    except SubmissionError:
        return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _digest(file: Path, exercise: Exercise) -> str | None:
    """The digest of a submission's bytes; None where it cannot be read, and so was not graded as it is."""
    try:
        return read_submission(file, functions=exercise.functions).sha256
    except SubmissionError:
        return None
