"""Writing what a course or a release consists of into a folder that holds nothing yet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from grader.errors import UsageError
from grader.language import _, reason_of


def refuse_full(folder: Path) -> None:
    """Raise UsageError unless `folder` is empty or not there."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(_("{folder} is there already and not empty. Name another folder.", folder=str(folder)))


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write `files`, by their paths from `folder`; texts as UTF-8. Raises UsageError where that cannot be done."""
    try:
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise UsageError(
            _("{folder} cannot be written: {reason}. Name another folder.", folder=str(folder), reason=reason_of(error))
        ) from error
