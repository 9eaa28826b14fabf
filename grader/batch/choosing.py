"""Which file of what a student handed in counts for which exercise. Reads a file only where no name tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from grader.batch.names import clean_name, exercise_named, plain, split_suffix
from grader.batch.records import Bundle, FileEntry, Handed, Owner, Problem
from grader.course import Exercise
from grader.errors import SubmissionError
from grader.language import Text, _
from grader.submission.files import MODULE_BYTES, MODULE_SUFFIX, NOTEBOOK_BYTES, NOTEBOOK_SUFFIX
from grader.submission.wording import listed, printable

BYTES: Final = {MODULE_SUFFIX: MODULE_BYTES, NOTEBOOK_SUFFIX: NOTEBOOK_BYTES}
"""most bytes of a submission, by its suffix"""
HELPERS: Final = 20


@dataclass
class Choice:
    """What was chosen so far, and what is to be told of the rest."""

    handed: list[Handed] = field(default_factory=list)
    unreadable: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)


def choose(bundle: Bundle, exercises: Sequence[Exercise], wanted: Sequence[Exercise]) -> Choice:
    """What `bundle` holds for the `wanted` of the course's `exercises`.

    A file that is named like an exercise counts for it; a single file of another name counts for the exercise that the
    layout names, or for all those of which its text names a function.
    """
    choice = Choice()
    sources = [file for file in bundle.files if split_suffix(file.name)[1]]
    for file in bundle.files:
        if file not in sources:
            reason = _("It is neither a Python file (.py) nor a notebook (.ipynb).")
            choice.notices.append(_problem(bundle, file, reason))
    named = {exercise.id: _named(sources, exercise, exercises) for exercise in exercises}
    others = [file for file in sources if exercise_named(split_suffix(file.name)[0], exercises) is None]
    for exercise in wanted:
        if named[exercise.id]:
            _take_named(bundle, exercise, named[exercise.id], exercises, choice)
        elif bundle.exercise == exercise.id:
            _take_other(bundle, exercise, others, choice)
    if bundle.exercise is None and not any(named.values()):
        _take_by_text(bundle, wanted, others, choice)
    return choice


def _named(sources: Iterable[FileEntry], exercise: Exercise, exercises: Sequence[Exercise]) -> list[FileEntry]:
    """The files that are named like `exercise`, or lie in a folder that is and have no other exercise's name."""
    found = []
    for file in sources:
        named = exercise_named(split_suffix(file.name)[0], exercises)
        if named is not None and named.exercise == exercise.id:
            found.append(file)
    if found:
        return found
    plain_names = {plain(exercise.id), plain(exercise.stem)}
    inside = [file for file in sources if any(plain(part) in plain_names for part in file.parts[:-1])]
    return inside if len(inside) == 1 else []


def _take_named(
    bundle: Bundle, exercise: Exercise, files: list[FileEntry], exercises: Sequence[Exercise], choice: Choice
) -> None:
    def rank(file: FileEntry) -> tuple[int, int, float]:
        named = exercise_named(split_suffix(file.name)[0], exercises)
        return (named.attempt if named else 0, -len(file.parts), file.modified)

    chosen = max(files, key=rank)
    for file in files:
        if file is not chosen:
            reason = _("It is not graded: {chosen} is newer, or nearer to the top.", chosen=printable(chosen.path))
            choice.notices.append(_problem(bundle, file, reason, exercise))
    stem, suffix = split_suffix(chosen.name)
    named = exercise_named(stem, exercises)
    if named is None or not (named.exact or named.attempt):
        reason = _("It is taken as {name}, which is what it should be called.", name=exercise.stem + suffix)
        choice.notices.append(_problem(bundle, chosen, reason, exercise))
    name = clean_name(chosen.name, exercises)
    attempt = max(bundle.attempt, named.attempt if named else 0)
    _hand_in(replace(bundle, attempt=attempt), exercise, chosen.moved((*chosen.parts[:-1], name)), choice)


def _take_other(bundle: Bundle, exercise: Exercise, files: list[FileEntry], choice: Choice) -> None:
    if len(files) == 1:
        name = exercise.stem + split_suffix(files[0].name)[1]
        reason = _("It is taken as {name}, which is what it should be called.", name=name)
        choice.notices.append(_problem(bundle, files[0], reason, exercise))
        _hand_in(bundle, exercise, files[0], choice)
        return
    reason = (
        _(
            "None of the files is called {stem}.py or {stem}.ipynb, and there are several: {names}.",
            stem=exercise.stem,
            names=listed([file.path for file in files], printable),
        )
        if files
        else _("There is no Python file and no notebook in it.")
    )
    choice.unreadable.append(_problem(bundle, None, reason, exercise))


def _take_by_text(bundle: Bundle, wanted: Sequence[Exercise], files: list[FileEntry], choice: Choice) -> None:
    if not files:
        choice.unreadable.append(_problem(bundle, None, _("There is no Python file and no notebook in it.")))
        return
    taken: set[str] = set()
    for exercise in wanted:
        speaking = [file for file in files if _speaks_of(file, exercise)]
        if len(speaking) == 1:
            _hand_in(bundle, exercise, speaking[0], choice)
        elif speaking:
            _take_other(bundle, exercise, speaking, choice)
        taken.update(file.path for file in speaking)
    for file in files:
        if file.path not in taken:
            reason = _("Neither its name nor its text tells which exercise it is for.")
            choice.unreadable.append(_problem(bundle, file, reason))


def _speaks_of(file: FileEntry, exercise: Exercise) -> bool:
    """Whether the text has the name of a function of `exercise`. What cannot be read speaks of nothing."""
    words = "|".join(map(re.escape, exercise.functions))
    try:
        return re.search(rf"\b(?:{words})\b".encode(), file.reader(BYTES[split_suffix(file.name)[1]])) is not None
    except SubmissionError:
        return False


def _hand_in(bundle: Bundle, exercise: Exercise, main: FileEntry, choice: Choice) -> None:
    folder = main.parts[:-1]
    beside = [
        file
        for file in bundle.files
        if file.parts[:-1] == folder and file.reader is not main.reader and split_suffix(file.name)[1] == MODULE_SUFFIX
    ]
    for owner in bundle.owners:
        choice.handed.append(
            Handed(
                student=owner,
                exercise=exercise.id,
                path=_path(bundle, main),
                main=main,
                helpers=tuple(beside),
                attempt=bundle.attempt,
                late=bundle.late,
                handed_in=bundle.handed_in,
            )
        )


def _path(bundle: Bundle, file: FileEntry | None) -> str:
    return printable(bundle.path if file is None else file.origin or file.path)


def _problem(bundle: Bundle, file: FileEntry | None, reason: Text, exercise: Exercise | None = None) -> Problem:
    owner: Owner = bundle.owners[0]
    return Problem(path=_path(bundle, file), reason=reason, student=owner.id, exercise=exercise.id if exercise else "")
