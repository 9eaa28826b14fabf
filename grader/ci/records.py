"""What travels from the job that reads a request to the one that grades it: files as data, and what was left out."""

from __future__ import annotations

import enum
import re
from pathlib import Path, PurePosixPath
from typing import Final, Literal

import msgspec

from grader.ci.changes import Ignored
from grader.errors import SubmissionError, UsageError
from grader.language import Text, _
from grader.records import Record
from grader.submission.files import MODULE_BYTES, NOTEBOOK_BYTES, NOTEBOOK_SUFFIX, read_bytes
from grader.submission.wording import printable

FORMAT: Final = "grade-collected/1"
COLLECTED_BYTES: Final = 256 * 1024**2
"""Most bytes of a file of collected submissions that is read."""
HELPERS: Final = 50
"""Most modules that may lie beside a submission."""
_PATH: Final = 4096
_NAME_BYTES: Final = 200
_SHA: Final = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


class Refusal(enum.StrEnum):
    """Why there is nothing to grade although the request touches a submission."""

    DELETED = "deleted"
    MOVED = "moved"
    LINK = "link"
    SUBMODULE = "submodule"
    SPECIAL = "special"
    LARGE = "large"
    POINTER = "pointer"


class Notice(enum.StrEnum):
    """What a reader should know about how a request was read."""

    SHALLOW = "shallow"
    UNRELATED = "unrelated"
    COURSE_POINTERS = "course_pointers"
    TWO_FILES = "two_files"
    MANY_MODULES = "many_modules"


class SubmittedFile(Record, frozen=True, kw_only=True):
    """What a request hands in for one exercise.

    `path` is where its file lies in the repository, `files` the bytes of it and of the modules beside it by name.
    `refusal` says why there is nothing to grade, and `files` is empty then; `moved` is where a renamed file is now.
    """

    exercise: str
    path: str
    files: dict[str, bytes]
    refusal: Refusal | None = None
    moved: str | None = None


class Collected(Record, frozen=True, kw_only=True):
    """The submissions of a request, and the changes that have no effect on the score. `number` is the request's own."""

    format: Literal["grade-collected/1"] = FORMAT
    base: str
    head: str
    number: int | None
    submissions: tuple[SubmittedFile, ...]
    ignored: tuple[Ignored, ...]
    notices: tuple[Notice, ...] = ()


def most_bytes(name: str) -> int:
    """The size up to which a submission's file of this name is read."""
    return NOTEBOOK_BYTES if name.endswith(NOTEBOOK_SUFFIX) else MODULE_BYTES


def refusal_sentence(submitted: SubmittedFile) -> Text:
    """Why there is nothing to grade, with what to do."""
    name = PurePosixPath(submitted.path).name
    sentences: dict[Refusal, Text] = {
        Refusal.DELETED: _("The request deletes it."),
        Refusal.MOVED: _(
            "The request renames it to {moved}; it is graded under the name {name} only.",
            moved=submitted.moved or "?",
            name=name,
        ),
        Refusal.LINK: _("It is a symbolic link; commit the file itself."),
        Refusal.SUBMODULE: _("It is in a submodule; commit the file itself."),
        Refusal.SPECIAL: _("It is no plain file."),
        Refusal.LARGE: _("It is too large; at most {most} bytes are read.", most=most_bytes(name)),
        Refusal.POINTER: _("It is a pointer of Git LFS and not the file itself; commit the file without LFS."),
    }
    return sentences[submitted.refusal or Refusal.SPECIAL]


NOTICES: Final[dict[Notice, Text]] = {
    Notice.SHALLOW: _(
        "The clone is too shallow to see where the request began; it was compared with the base as it is now."
    ),
    Notice.UNRELATED: _("The request shares no history with its base; all of its files were compared."),
    Notice.COURSE_POINTERS: _(
        "Some files of the course are kept with Git LFS and were not fetched. If checks need them, check the course "
        "out with `lfs: true` and name it with --course."
    ),
    Notice.MANY_MODULES: _(
        "More than {most} modules lie beside a submission; it was given the first ones by name.", most=HELPERS
    ),
    Notice.TWO_FILES: _("The request changes a Python file and a notebook of one exercise; the Python file is graded."),
}


def read_collected(file: Path) -> Collected:
    """The submissions in a file that another job has written, which is as hostile as they are. Raises UsageError."""
    try:
        found = msgspec.json.decode(read_bytes(file, COLLECTED_BYTES), type=Collected)
    except SubmissionError as error:
        raise UsageError(error.message) from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            _("{file} holds no collected submissions: {reason}.", file=str(file), reason=str(error))
        ) from error
    if not (_SHA.fullmatch(found.base) and _SHA.fullmatch(found.head)):
        raise UsageError(_("{file} does not name the commits that it is of.", file=str(file)))
    exercises = [submission.exercise for submission in found.submissions]
    if len(set(exercises)) < len(exercises):
        raise UsageError(_("{file} holds two submissions for one exercise.", file=str(file)))
    for submission in found.submissions:
        if not _is_possible(submission):
            raise UsageError(_("{file} holds a submission that no request can hand in.", file=str(file)))
    if any(len(change.path) > _PATH or printable(change.path) != change.path for change in found.ignored):
        raise UsageError(_("{file} lists a change that no request can make.", file=str(file)))
    return found


def _is_possible(submitted: SubmittedFile) -> bool:
    """Whether reading a repository can give this: names of plain files, one of them the submission, within limits."""
    paths = [path for path in (submitted.path, submitted.moved) if path is not None]
    if not all(0 < len(path) <= _PATH and printable(path) == path for path in paths):
        return False
    if submitted.refusal is not None:
        return not submitted.files
    return (
        PurePosixPath(submitted.path).name in submitted.files
        and len(submitted.files) <= HELPERS + 1
        and all(is_plain_name(name) and len(content) <= most_bytes(name) for name, content in submitted.files.items())
    )


def is_plain_name(name: str) -> bool:
    """Whether a file of this name can be written on any system, into the folder that it is meant for."""
    return (
        name not in {"", ".", ".."}
        and not set(name) & set('/\\:\0<>"|?*')
        and printable(name) == name
        and len(name.encode()) <= _NAME_BYTES
    )
