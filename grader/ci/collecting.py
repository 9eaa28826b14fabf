"""From a repository's base and head to the submissions to grade: the head's files as bytes, nothing of it run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from grader.ci.changes import SUFFIXES, Change, candidates, ignored, joined, touched
from grader.ci.git import LINK, REGULAR, SUBMODULE, Repository, TreeFile
from grader.ci.records import HELPERS, Collected, Notice, Refusal, SubmittedFile, is_plain_name, most_bytes
from grader.course import Course, Exercise
from grader.course.reading import COURSE_FILE
from grader.errors import UsageError
from grader.language import _
from grader.submission.files import MODULE_BYTES
from grader.submission.wording import printable

COURSE_BYTES: Final = 256 * 1024**2
_POINTER: Final = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be graded: `names` of exercises, else those that the request touches, else `everything`."""

    base: str
    head: str
    number: int | None
    names: tuple[str, ...] = ()
    everything: bool = False


def export_course(repository: Repository, commit: str, prefix: str, folder: Path) -> tuple[Notice, ...] | None:
    """Write the course of a commit into `folder`, plain files only; what is to be told of it, None if there is none.

    Raises UsageError.
    """
    files = [file for file in repository.files(commit, [prefix] if prefix else []) if file.mode in REGULAR]
    if joined(prefix, COURSE_FILE) not in {file.path for file in files}:
        return None
    if sum(file.size for file in files) > COURSE_BYTES:
        raise UsageError(
            _(
                "The course in the base has more than {most} MB. Name its folder with --root, or keep what is no part "
                "of it elsewhere.",
                most=COURSE_BYTES // 1024**2,
            )
        )
    contents = repository.read(files)
    for path, content in contents.items():
        below = PurePosixPath(path).relative_to(prefix) if prefix else PurePosixPath(path)
        target = folder.joinpath(*below.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    has_pointers = any(content.startswith(_POINTER) for content in contents.values())
    return (Notice.COURSE_POINTERS,) if has_pointers else ()


def collect(repository: Repository, course: Course, asked: Asked, prefix: str) -> Collected:
    """The submissions of the head, and the changes that do not count. `asked.base` and `.head` are commits.

    Raises UsageError.
    """
    # First, since this refuses a head of too many files before git compares them all.
    there = {file.path: file for file in repository.files(asked.head)}
    start = repository.merge_base(asked.base, asked.head)
    changes = repository.changes(start or asked.base, asked.head)
    places = {exercise.id: candidates(exercise, course, prefix) for exercise in course.exercises}
    submissions = []
    for exercise in course.exercises:
        wanted = touched(changes, places[exercise.id], prefix)
        if exercise.id in asked.names or asked.everything or (wanted and not asked.names):
            found = _submitted(repository, exercise, (places[exercise.id], wanted), there, changes)
            if found is not None:
                submissions.append(found)
    handed_in = {place for paths in places.values() for place in paths}
    notices = []
    if start is None:
        notices.append(Notice.SHALLOW if repository.is_shallow() else Notice.UNRELATED)
    if _has_two_files(submissions, {change.path for change in changes if change.path in there}):
        notices.append(Notice.TWO_FILES)
    if any(_modules_beside(submitted.path, there) > HELPERS for submitted in submissions):
        notices.append(Notice.MANY_MODULES)
    return Collected(
        base=asked.base,
        head=asked.head,
        number=asked.number,
        submissions=tuple(submissions),
        ignored=tuple(ignored(changes, handed_in, course, prefix)),
        notices=tuple(notices),
    )


def _has_two_files(submissions: Sequence[SubmittedFile], changed: set[str]) -> bool:
    """Whether the request hands in a module and a notebook for one exercise, both in the same place."""
    stems = (PurePosixPath(submitted.path).with_suffix("") for submitted in submissions)
    return any(all(f"{stem}{suffix}" in changed for suffix in SUFFIXES) for stem in stems)


def _modules_beside(path: str, there: Mapping[str, TreeFile]) -> int:
    folder = PurePosixPath(path).parent
    return sum(name != path and name.endswith(".py") and PurePosixPath(name).parent == folder for name in there)


def _submitted(
    repository: Repository,
    exercise: Exercise,
    paths: tuple[Sequence[str], Sequence[str]],
    there: Mapping[str, TreeFile],
    changes: Sequence[Change],
) -> SubmittedFile | None:
    """What is handed in for one exercise; None where there is nothing and nobody has touched it.

    `paths` are those where it may be, and those of them that the request touches.
    """
    places, wanted = paths
    file = next((there[path] for path in (*wanted, *places) if path in there), None)
    if file is None:
        file = next((there[path] for place in places for path in _above(place) if _is_odd(there.get(path))), None)
    if file is None:
        return _gone(exercise, wanted[0], changes) if wanted else None
    refusal = _refusal(file)
    if refusal is not None:
        return _refused(exercise, file.path, refusal)
    parent = str(PurePosixPath(file.path).parent)
    helpers = [
        other
        for other in there.values()
        if other.path != file.path
        and other.path.endswith(".py")
        and other.mode in REGULAR
        and other.size <= MODULE_BYTES
        and str(PurePosixPath(other.path).parent) == parent
        and is_plain_name(PurePosixPath(other.path).name)
    ][:HELPERS]
    content = repository.read([file, *helpers])
    if content[file.path].startswith(_POINTER):
        return _refused(exercise, file.path, Refusal.POINTER)
    files = {PurePosixPath(path).name: given for path, given in content.items()}
    return SubmittedFile(exercise=exercise.id, path=printable(file.path), files=files)


def _above(path: str) -> list[str]:
    return [str(parent) for parent in PurePosixPath(path).parents]


def _is_odd(file: TreeFile | None) -> bool:
    return file is not None and file.mode not in REGULAR


def _refusal(file: TreeFile) -> Refusal | None:
    if file.mode == LINK:
        return Refusal.LINK
    if file.mode == SUBMODULE:
        return Refusal.SUBMODULE
    if file.mode not in REGULAR:
        return Refusal.SPECIAL
    return Refusal.LARGE if file.size > most_bytes(file.path) else None


def _gone(exercise: Exercise, path: str, changes: Sequence[Change]) -> SubmittedFile:
    moved = next((change.path for change in changes if change.how == "R" and change.old == path), None)
    if moved is None:
        return _refused(exercise, path, Refusal.DELETED)
    return _refused(exercise, path, Refusal.MOVED, printable(moved))


def _refused(exercise: Exercise, path: str, refusal: Refusal, moved: str | None = None) -> SubmittedFile:
    return SubmittedFile(exercise=exercise.id, path=printable(path), files={}, refusal=refusal, moved=moved)
