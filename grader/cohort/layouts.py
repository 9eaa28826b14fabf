"""Which layout a folder of submissions has, and what each student handed in by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from grader.cohort.metadata import METADATA_BYTES, METADATA_FILE, TIMESTAMP_FILE, read_metadata, read_timestamp
from grader.cohort.names import canvas_name, exercise_named, is_source, moodle_name, owner_beside, split_suffix
from grader.cohort.records import Bundle, FileEntry, Ids, Layout, Owner, Problem, Tree
from grader.course import Exercise
from grader.errors import SubmissionError
from grader.language import _

_SUBMITTED: Final = "submitted"
Exercises = Sequence[Exercise]
Split = tuple[list[Bundle], list[Problem]]


def unwrapped(tree: Tree, exercises: Exercises) -> Tree:
    """`tree` without folders at its top that hold everything and are nobody's: archives often have one."""
    while True:
        telling = _telling(tree)
        tops = {file.parts[0] for file in telling}
        inner = {file.parts[1] for file in telling if len(file.parts) > 2}
        top = next(iter(tops), "")
        if len(tops) == 1 and any(len(file.parts) == 2 and _is_metadata(file) for file in telling):
            tree = _without_top(tree, top)  # an export of Gradescope's, whatever it is called
            continue
        beside = [file for file in telling if len(file.parts) <= 2]
        # A single folder with something beside it is a student's rather than a class's.
        alone = len(tops) == 1 and inner and (not beside or (len(inner) > 1 and not _sources(beside)))
        if not alone or top == _SUBMITTED or moodle_name(top) or canvas_name(top) or _of_exercise(top, exercises):
            return tree
        if any(exercise_named(name, exercises) for name in inner) or inner <= {"exercises", "src"}:
            return tree
        tree = _without_top(tree, top)


def _without_top(tree: Tree, top: str) -> Tree:
    """`tree` with what is in its folder `top` instead of that."""
    files = (file.moved(file.parts[1:]) if file.parts[0] == top else file for file in tree.files)
    return Tree(top, tuple(file for file in files if file.parts != ("",)), tree.problems)


def _is_metadata(file: FileEntry) -> bool:
    return file.name.casefold() == METADATA_FILE


def _class_metadata(tree: Tree) -> list[FileEntry]:
    """Gradescope's list of who handed in what: at the top only, for what lies deeper is what a student handed in."""
    return [file for file in tree.files if len(file.parts) == 1 and _is_metadata(file)]


def detect(tree: Tree, exercises: Exercises) -> Layout:
    """The layout that most of the names at the top of `tree` have."""
    if _class_metadata(tree):
        return Layout.GRADESCOPE
    tops = {file.parts[0]: len(file.parts) > 1 for file in _telling(tree)}
    if _SUBMITTED in tops or tree.name == _SUBMITTED:
        return Layout.NBGRADER
    signs: tuple[tuple[Layout, Callable[[str], object]], ...] = (
        (Layout.MOODLE, moodle_name),
        (Layout.CANVAS, canvas_name),
        (Layout.CLASSROOM, lambda top: tops[top] and _of_exercise(top, exercises)),
    )
    for layout, sign in signs:
        if sum(bool(sign(top)) for top in tops) * 2 > len(tops):
            return layout
    return Layout.STUDENTS


def _telling(tree: Tree) -> tuple[FileEntry, ...]:
    """The files whose places tell of the layout: not what lies at the top and is no submission, where there is more."""
    found = tuple(file for file in tree.files if len(file.parts) > 1 or is_source(file.name) or _is_metadata(file))
    return found or tree.files


def _sources(files: Iterable[FileEntry]) -> list[FileEntry]:
    return [file for file in files if is_source(file.name)]


def split(tree: Tree, layout: Layout, exercises: Exercises) -> Split:
    """What each student handed in, and the files that are nobody's."""
    ways: dict[Layout, Callable[[Tree, Exercises], Split]] = {
        Layout.STUDENTS: _students,
        Layout.NBGRADER: _nbgrader,
        Layout.MOODLE: _moodle,
        Layout.CANVAS: _canvas,
        Layout.GRADESCOPE: _gradescope,
        Layout.CLASSROOM: _classroom,
    }
    return ways[layout](tree, exercises)


def _students(tree: Tree, exercises: Exercises) -> Split:
    bundles: list[Bundle] = []
    problems: list[Problem] = []
    for top, files in _by_top(tree.files):
        folders = [file for file in files if len(file.parts) > 1]
        if folders:
            bundles.append(_folder(top, folders))
        for file in files:
            if len(file.parts) > 1:
                continue
            if not is_source(file.name):
                # Perhaps what a student has handed in, and perhaps the instructor's own list.
                bundles.append(Bundle((Owner(id=PurePosixPath(top).stem),), top, (file,), doubtful=True))
            elif exercise_named(split_suffix(file.name)[0], exercises) is not None:
                reason = _("Its name is an exercise's and no student's, so whose it is cannot be told.")
                problems.append(Problem(path=file.path, reason=reason))
            else:
                bundles.append(_single(file, exercises))
    return bundles, problems


def _folder(top: str, files: Iterable[FileEntry]) -> Bundle:
    """A student's folder, under the student's own name where a platform has made the folder's."""
    moodle = moodle_name(top)
    said = moodle or canvas_name(top)
    owner = Owner(id=top) if said is None else Owner(id=said.id, name=said.name)
    return Bundle((owner,), top, tuple(_below(files, 1)), ids=Ids.ANY if moodle is None else Ids.NUMBERS)


def _single(file: FileEntry, exercises: Exercises) -> Bundle:
    """A file that is all that a student handed in: its name is the student's, with or without the exercise's."""
    said = canvas_name(file.name)
    if said is not None:
        return Bundle((Owner(id=said.id, name=said.name),), file.path, (_marked(file, (said.file,), late=said.late),))
    stem, suffix = split_suffix(file.name)
    beside = owner_beside(stem, exercises)
    if beside is None:
        return Bundle((Owner(id=stem),), file.path, (file,))
    owner, named = beside
    own_name = next(exercise.stem for exercise in exercises if exercise.id == named.exercise) + suffix
    return Bundle((Owner(id=owner),), file.path, (file.moved((own_name,)),), named.exercise, named.attempt)


def _nbgrader(tree: Tree, exercises: Exercises) -> Split:
    skipped = 1 if any(file.parts[0] == _SUBMITTED for file in tree.files) else 0
    bundles: list[Bundle] = []
    problems: list[Problem] = []
    groups: defaultdict[tuple[str, str], list[FileEntry]] = defaultdict(list)
    others: set[str] = set()
    for file in tree.files:
        parts = file.parts[skipped:]
        if skipped and file.parts[0] != _SUBMITTED:
            others.add(file.parts[0])  # the other folders of a course of nbgrader's: source, release, feedback
        elif len(parts) < 3:
            reason = _("It is in no folder <student>/<exercise>/, so whose it is cannot be told.")
            problems.append(Problem(path=file.path, reason=reason))
        else:
            groups[parts[0], parts[1]].append(file.moved(parts[2:]))
    reason = _("Only what is in {folder}/ is graded.", folder=_SUBMITTED)
    problems += [Problem(path=other, reason=reason) for other in sorted(others)]
    for (student, assignment), files in groups.items():
        named = exercise_named(assignment, exercises)
        exercise = None if named is None else named.exercise
        stamps = [file for file in files if file.path == TIMESTAMP_FILE]
        bundles.append(
            Bundle(
                (Owner(id=student),),
                f"{student}/{assignment}",
                tuple(file for file in files if file not in stamps),
                exercise,
                handed_in=read_timestamp(stamps[0]) if stamps else None,
            )
        )
    return bundles, problems


def _moodle(tree: Tree, _exercises: Exercises) -> Split:
    bundles: list[Bundle] = []
    problems: list[Problem] = []
    for top, files in _by_top(tree.files):
        said = moodle_name(top)
        if said is None:
            problems.extend(_nobodys(files))
            continue
        owner = Owner(id=said.id, name=said.name)
        # Older versions make no folder for a student but put everything in front of the file's own name.
        moved = [file.moved(file.parts[1:] or (said.file,)) for file in files]
        bundles.append(Bundle((owner,), top, tuple(moved), ids=Ids.NUMBERS))
    return _joined(bundles), problems


def _canvas(tree: Tree, _exercises: Exercises) -> Split:
    bundles: list[Bundle] = []
    problems: list[Problem] = []
    for top, files in _by_top(tree.files):
        said = canvas_name(top)
        if said is None:
            problems.extend(_nobodys(files))
            continue
        owner = Owner(id=said.id, name=said.name)
        moved = [_marked(file, file.parts[1:] or (said.file,), late=said.late) for file in files]
        bundles.append(Bundle((owner,), top, tuple(moved)))
    return _joined(bundles), problems


def _gradescope(tree: Tree, _exercises: Exercises) -> Split:
    bundles: list[Bundle] = []
    problems: list[Problem] = []
    handings = {}
    lists = _class_metadata(tree)
    for file in lists:
        try:
            handings.update(read_metadata(file.reader(METADATA_BYTES).decode("utf-8", "replace")))
        except SubmissionError as error:
            problems.append(Problem(path=file.path, reason=error.message))
    for top, files in _by_top(file for file in tree.files if file not in lists):
        handing = handings.pop(top, None)
        if len(files[0].parts) == 1 and handing is None:
            problems.extend(_nobodys(files))
            continue
        if handing is None or not handing.owners:
            reason = _("{file} does not say whose it is; it is graded under the folder's name.", file=METADATA_FILE)
            problems.append(Problem(path=top, reason=reason))
        owners = handing.owners if handing and handing.owners else (Owner(id=top),)
        moved = tuple(_below(files, 1)) if len(files[0].parts) > 1 else tuple(files)
        bundles.append(Bundle(owners, top, moved, handed_in=handing.handed_in if handing else None))
    for name, handing in handings.items():
        # It is in the list, and its folder is not there.
        bundles.append(Bundle(handing.owners or (Owner(id=name),), name, (), handed_in=handing.handed_in))
    return bundles, problems


def _classroom(tree: Tree, exercises: Exercises) -> Split:
    bundles: list[Bundle] = []
    problems: list[Problem] = []
    for top, files in _by_top(tree.files):
        found = _of_exercise(top, exercises) if len(files[0].parts) > 1 else None
        if found is None:
            problems.extend(_nobodys(files))
            continue
        exercise, student = found
        bundles.append(Bundle((Owner(id=student),), top, tuple(_below(files, 1)), exercise, ids=Ids.ACCOUNTS))
    return bundles, problems


def _of_exercise(folder: str, exercises: Exercises) -> tuple[str, str] | None:
    """The exercise and the student of a folder such as `exercise-2-alice`. The longest exercise counts."""
    fitting = [
        (exercise.id, folder[len(start) :])
        for exercise in sorted(exercises, key=lambda exercise: -len(exercise.id))
        for start in (f"{exercise.id}-", f"{exercise.stem}-")
        if folder.casefold().startswith(start.casefold()) and len(folder) > len(start)
    ]
    return fitting[0] if fitting else None


def _by_top(files: Iterable[FileEntry]) -> list[tuple[str, list[FileEntry]]]:
    groups: defaultdict[str, list[FileEntry]] = defaultdict(list)
    for file in files:
        groups[file.parts[0]].append(file)
    return list(groups.items())


def _joined(bundles: Iterable[Bundle]) -> list[Bundle]:
    """One bundle for each student: these systems make a folder or file name for each thing handed in."""
    groups: defaultdict[tuple[Owner, ...], list[Bundle]] = defaultdict(list)
    for bundle in bundles:
        groups[bundle.owners].append(bundle)
    return [
        replace(group[0], files=tuple(file for bundle in group for file in bundle.files)) for group in groups.values()
    ]


def _marked(file: FileEntry, parts: tuple[str, ...], *, late: bool) -> FileEntry:
    return replace(file.moved(parts), late=late)


def _nobodys(files: Iterable[FileEntry]) -> list[Problem]:
    reason = _("Its name is not like the others of this layout, so whose it is cannot be told. It is not graded.")
    return [Problem(path=file.path, reason=reason) for file in files]


def _below(files: Iterable[FileEntry], depth: int) -> list[FileEntry]:
    return [file.moved(file.parts[depth:]) for file in files]
