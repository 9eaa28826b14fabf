"""From a repository's base and head to the submissions to grade: the head's files as bytes, nothing of it run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from grader.ci.changes import Change, candidates, ignored, joined, touched
from grader.ci.git import LINK, REGULAR, SUBMODULE, Repository, TreeFile
from grader.ci.records import Collected, SubmittedFile
from grader.course import Course, Exercise
from grader.course.reading import COURSE_FILE
from grader.errors import UsageError
from grader.language import Text, Translator, _
from grader.submission.files import MODULE_BYTES, NOTEBOOK_BYTES, NOTEBOOK_SUFFIX
from grader.submission.wording import printable

COURSE_BYTES: Final = 256 * 1024**2
_HELPERS: Final = 50
_POINTER: Final = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be graded: `names` of exercises, else those that the request touches, else `everything`."""

    base: str
    head: str
    number: int | None
    names: tuple[str, ...] = ()
    everything: bool = False


def export_course(repository: Repository, commit: str, prefix: str, folder: Path) -> bool:
    """Write the course of a commit into `folder`, plain files only; whether there is one. Raises UsageError."""
    files = [file for file in repository.files(commit, [prefix] if prefix else []) if file.mode in REGULAR]
    if joined(prefix, COURSE_FILE) not in {file.path for file in files}:
        return False
    if sum(file.size for file in files) > COURSE_BYTES:
        raise UsageError(
            _(
                "The course in the base has more than {most} MB. Name its folder with --root, or keep what is no part "
                "of it elsewhere.",
                most=COURSE_BYTES // 1024**2,
            )
        )
    for path, content in repository.read(files).items():
        below = PurePosixPath(path).relative_to(prefix) if prefix else PurePosixPath(path)
        target = folder.joinpath(*below.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return True


def collect(repository: Repository, course: Course, asked: Asked, prefix: str, translator: Translator) -> Collected:
    """The submissions of the head, and the changes that do not count. `asked.base` and `.head` are commits.

    Raises UsageError.
    """
    notices: list[Text] = []
    start = repository.merge_base(asked.base, asked.head)
    if start is None:
        notices.append(
            _("The clone is too shallow to see where the request began; it was compared with the base as it is now.")
        )
    changes = repository.changes(start or asked.base, asked.head)
    places = {exercise.id: candidates(exercise, course, prefix) for exercise in course.exercises}
    there = {file.path: file for file in repository.files(asked.head)}
    submissions = []
    for exercise in course.exercises:
        wanted = touched(changes, places[exercise.id])
        if exercise.id in asked.names or asked.everything or (wanted and not asked.names):
            found = _submitted(repository, exercise, (places[exercise.id], wanted), there, translator)
            if found is not None:
                submissions.append(found)
    handed_in = {place for paths in places.values() for place in paths}
    return Collected(
        base=asked.base,
        head=asked.head,
        number=asked.number,
        submissions=tuple(submissions),
        ignored=tuple(ignored(_without(changes, handed_in, there), handed_in, course, prefix)),
        notices=tuple(translator.render(notice) for notice in notices),
    )


def _without(changes: Sequence[Change], handed_in: set[str], there: dict[str, TreeFile]) -> list[Change]:
    """The changes but those of submissions that are files; a submission that has become something else is told."""
    return [change for change in changes if change.path not in handed_in or _is_odd(there.get(change.path))]


def _is_odd(file: TreeFile | None) -> bool:
    return file is not None and file.mode not in REGULAR


def _submitted(
    repository: Repository,
    exercise: Exercise,
    paths: tuple[Sequence[str], Sequence[str]],
    there: dict[str, TreeFile],
    translator: Translator,
) -> SubmittedFile | None:
    """What is handed in for one exercise; None where there is nothing and nobody has touched it.

    `paths` are those where it may be, and those of them that the request touches.
    """
    places, wanted = paths
    found = [there[path] for path in (*wanted, *places) if path in there]
    if not found:
        folder = next((there[path] for place in places for path in _above(place) if _is_odd(there.get(path))), None)
        if folder is None:
            return _refused(exercise, wanted[0], _("The request deletes it."), translator) if wanted else None
        found = [folder]
    file = found[0]
    reason = _refusal(file)
    if reason is not None:
        return _refused(exercise, file.path, reason, translator)
    parent = str(PurePosixPath(file.path).parent)
    helpers = [
        other
        for other in there.values()
        if other.path != file.path
        and other.path.endswith(".py")
        and other.mode in REGULAR
        and other.size <= MODULE_BYTES
        and str(PurePosixPath(other.path).parent) == parent
    ][:_HELPERS]
    content = repository.read([file, *helpers])
    if content[file.path].startswith(_POINTER):
        reason = _("It is a pointer of Git LFS and not the file itself; commit the file without LFS.")
        return _refused(exercise, file.path, reason, translator)
    files = {PurePosixPath(path).name: given for path, given in content.items()}
    return SubmittedFile(exercise=exercise.id, path=printable(file.path), files=files)


def _above(path: str) -> list[str]:
    return [str(parent) for parent in PurePosixPath(path).parents]


def _refusal(file: TreeFile) -> Text | None:
    if file.mode == LINK:
        return _("It is a symbolic link; commit the file itself.")
    if file.mode == SUBMODULE:
        return _("It is in a submodule; commit the file itself.")
    if file.mode not in REGULAR:
        return _("It is no plain file.")
    most = NOTEBOOK_BYTES if file.path.endswith(NOTEBOOK_SUFFIX) else MODULE_BYTES
    if file.size > most:
        return _("It has {size} bytes, and at most {most} are read.", size=file.size, most=most)
    return None


def _refused(exercise: Exercise, path: str, reason: Text, translator: Translator) -> SubmittedFile:
    return SubmittedFile(exercise=exercise.id, path=printable(path), files={}, reason=translator.render(reason))
