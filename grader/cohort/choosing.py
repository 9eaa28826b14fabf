"""Which file of what a student handed in counts for which exercise. Reads a file only where no name tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from grader.cohort.names import clean_name, exercise_named, exercise_within, is_source, plain, split_suffix
from grader.cohort.records import Bundle, FileEntry, Handed, Owner, Problem
from grader.course import Exercise
from grader.errors import SubmissionError
from grader.language import Text, _
from grader.submission.files import MODULE_BYTES, MODULE_SUFFIX, NOTEBOOK_BYTES, NOTEBOOK_SUFFIX
from grader.submission.wording import listed, printable

BYTES: Final = {MODULE_SUFFIX: MODULE_BYTES, NOTEBOOK_SUFFIX: NOTEBOOK_BYTES}
"""most bytes of a submission, by its suffix"""
_MOST_READ: Final = 50
"""Files of one student that are looked into for what they are."""


@dataclass
class Choice:
    """What was chosen so far, and what is to be told of the rest."""

    handed: list[Handed] = field(default_factory=list)
    unreadable: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    left_out: list[Problem] = field(default_factory=list)


def choose(
    bundle: Bundle, exercises: Sequence[Exercise], wanted: Sequence[Exercise], *, asked: str | None = None
) -> Choice:
    """What `bundle` holds for the `wanted` of the course's `exercises`.

    A file that is named like an exercise counts for it; a single file of another name counts for the exercise that the
    layout names, or that alone is `asked` for where no file is named like another; or for all those of which its text
    names a function, or, beside files that are named, defines one. Every file is in what is handed in or in what is
    told, but those of exercises nobody asked for.
    """
    choice = Choice()
    sources = [file for file in bundle.files if is_source(file.name)]
    if bundle.exercise is not None:
        wanted = [exercise for exercise in wanted if exercise.id == bundle.exercise]
    if not wanted:
        return choice
    single = bundle.exercise or asked
    if not sources:
        choice.unreadable += _problems(bundle, _nothing(bundle), single)
    named = {exercise.id: _named(sources, exercise, exercises) for exercise in exercises}
    others = [file for file in sources if not any(file in files for files in named.values())]
    any_named = any(named.values())
    for exercise in wanted:
        if named[exercise.id]:
            _take_named(bundle, exercise, named[exercise.id], exercises, choice)
        elif bundle.exercise is not None and sources:
            _take_other(bundle, exercise, others or sources, choice)
        elif any_named and (inside := _inside(sources, exercise, exercises)):
            _take_other(bundle, exercise, inside, choice)
        elif single == exercise.id and others and not any_named:
            _take_other(bundle, exercise, others, choice)
    if single is None or (any_named and bundle.exercise is None):
        done = {handed.exercise for handed in choice.handed} | {problem.exercise for problem in choice.unreadable}
        open_ = [exercise for exercise in wanted if exercise.id not in done and not named[exercise.id]]
        _take_by_text(bundle, open_, others, choice, defined=any_named)
    choice.left_out += _left_out(bundle, sources, exercises, wanted, choice)
    return choice


def _nothing(bundle: Bundle) -> Text | str:
    """Why there is nothing to grade in `bundle`."""
    refused = [file.refused for file in bundle.files if file.refused is not None and not file.name]
    files = [file.path for file in bundle.files if file.name]
    if refused:
        return refused[0]
    if not files:
        return _("There is no Python file and no notebook in it.")
    return _(
        "There is no Python file and no notebook in it, but {names}. Ask for .py, .ipynb or .zip.",
        names=listed(files, printable),
    )


def _left_out(
    bundle: Bundle,
    sources: Sequence[FileEntry],
    exercises: Sequence[Exercise],
    wanted: Sequence[Exercise],
    choice: Choice,
) -> Iterator[Problem]:
    """What is to be told of the files that are graded for nothing, but for those of exercises that nobody asked for."""
    told = {problem.path for problem in (*choice.unreadable, *choice.notices)}
    taken = {handed.main.reader for handed in choice.handed}
    refused = [file for file in bundle.files if file.refused is not None and not file.name]
    # Where there is nothing else, the first is the reason already.
    for file in refused[0 if sources else 1 :]:
        yield _problem(bundle, file, file.refused or "")
    unnamed = [
        file.path
        for file in sources
        if file.reader not in taken
        and _path(bundle, file) not in told
        and (bundle.exercise is not None or _exercise_of(file, exercises) in {None, *(one.id for one in wanted)})
    ]
    if unnamed and (choice.handed or not choice.unreadable):
        reason = _(
            "Not graded, but a module is used where a submission imports it: {names}. Its name is not that of the "
            "exercise.",
            names=listed(unnamed, printable),
        )
        yield _problem(bundle, None, reason)
    foreign = [file.path for file in bundle.files if file.name and file not in sources]
    if foreign and sources:
        reason = _(
            "Left out, since it is neither a Python file (.py) nor a notebook (.ipynb): {names}.",
            names=listed(foreign, printable),
        )
        yield _problem(bundle, None, reason)


def _exercise_of(file: FileEntry, exercises: Sequence[Exercise]) -> str | None:
    """The exercise that a file's name means, if it means one."""
    stem = split_suffix(file.name)[0]
    named = exercise_named(stem, exercises)
    return exercise_within(stem, exercises) if named is None else named.exercise


def _named(sources: Iterable[FileEntry], exercise: Exercise, exercises: Sequence[Exercise]) -> list[FileEntry]:
    """The files that mean `exercise`: by their name, else by that of their folder, else by a part of their name."""
    found, within = [], []
    for file in sources:
        stem = split_suffix(file.name)[0]
        named = exercise_named(stem, exercises)
        if named is not None and named.exercise == exercise.id:
            found.append(file)
        elif named is None and exercise_within(stem, exercises) == exercise.id:
            within.append(file)
    if found:
        return found
    inside = _inside(sources, exercise, exercises)
    return inside if len(inside) == 1 else within


def _inside(sources: Iterable[FileEntry], exercise: Exercise, exercises: Sequence[Exercise]) -> list[FileEntry]:
    """The files in a folder of the exercise's name, but for those that are named like any exercise."""
    plain_names = {plain(exercise.id), plain(exercise.stem)}
    return [
        file
        for file in sources
        if any(plain(part) in plain_names for part in file.parts[:-1])
        and exercise_named(split_suffix(file.name)[0], exercises) is None
    ]


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
            choice.notices.append(_problem(bundle, file, reason, exercise.id))
    stem, suffix = split_suffix(chosen.name)
    named = exercise_named(stem, exercises)
    if named is None or not (named.exact or named.attempt):
        reason = _("It is taken as {name}, which is what it should be called.", name=exercise.stem + suffix)
        choice.notices.append(_problem(bundle, chosen, reason, exercise.id))
    name = clean_name(chosen.name, exercises)
    attempt = max(bundle.attempt, named.attempt if named else 0)
    _hand_in(replace(bundle, attempt=attempt), exercise, chosen.moved((*chosen.parts[:-1], name)), choice)


def _take_other(bundle: Bundle, exercise: Exercise, files: Sequence[FileEntry], choice: Choice) -> None:
    """Take the one file of another name; of several, which is meant cannot be told."""
    if len(files) == 1:
        name = exercise.stem + split_suffix(files[0].name)[1]
        reason = _("It is taken as {name}, which is what it should be called.", name=name)
        choice.notices.append(_problem(bundle, files[0], reason, exercise.id))
        _hand_in(bundle, exercise, files[0], choice)
        return
    reason = _(
        "None of the files is called {stem}.py or {stem}.ipynb, and there are several: {names}.",
        stem=exercise.stem,
        names=listed([file.path for file in files], printable),
    )
    choice.unreadable += _problems(bundle, reason, exercise.id)


def _take_by_text(
    bundle: Bundle, wanted: Sequence[Exercise], files: Sequence[FileEntry], choice: Choice, *, defined: bool
) -> None:
    """Take files for the exercises of whose functions they speak; where others are named, only if they define one."""
    if not wanted or not files:
        return
    if len(files) > _MOST_READ:
        if not defined:
            reason = _(
                "None of its {count} files is called like an exercise; of so many, none is looked into.",
                count=len(files),
            )
            choice.unreadable += _problems(bundle, reason, None)
        return
    taken: dict[str, list[str]] = {}
    doubtful = False
    spoken = {file.path: _spoken_of(file, wanted, defined=defined) for file in files}
    for exercise in wanted:
        speaking = [file for file in files if exercise.id in spoken[file.path]]
        if len(speaking) == 1:
            taken.setdefault(speaking[0].path, []).append(exercise.id)
            _hand_in(bundle, exercise, speaking[0], choice)
        elif speaking:
            doubtful = True
            _take_other(bundle, exercise, speaking, choice)
    for file in files:
        if file.path in taken:
            reason = _("By the functions in it, it is taken for {exercises}.", exercises=", ".join(taken[file.path]))
            choice.left_out.append(_problem(bundle, file, reason))
    if not (taken or doubtful or defined):
        choice.unreadable += _problems(bundle, *_untold(files))


def _untold(files: Sequence[FileEntry]) -> tuple[Text, None, FileEntry | None]:
    """That nothing tells what these are for: one row, however many there are, at the file where it is one."""
    if len(files) == 1:
        return _("Neither its name nor its text tells which exercise it is for."), None, files[0]
    names = listed([file.path for file in files], printable)
    return _("Neither their names nor their texts tell which exercise they are for: {names}.", names=names), None, None


def _spoken_of(file: FileEntry, exercises: Iterable[Exercise], *, defined: bool) -> set[str]:
    """The exercises of which the text has the name of a function, or, if `defined`, the definition of one.

    What cannot be read speaks of nothing.
    """
    try:
        text = file.reader(BYTES[split_suffix(file.name)[1]])
    except SubmissionError:
        return set()
    before = r"\bdef[ \t]+" if defined else r"\b"
    found = set()
    for exercise in exercises:
        words = "|".join(map(re.escape, exercise.functions))
        if re.search(rf"{before}(?:{words})\b".encode(), text):
            found.add(exercise.id)
    return found


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
                late=main.late,
                handed_in=bundle.handed_in,
                guessed=owner.id in bundle.guessed,
            )
        )


def _path(bundle: Bundle, file: FileEntry | None) -> str:
    return printable(bundle.path if file is None else file.origin or file.path)


def _problem(bundle: Bundle, file: FileEntry | None, reason: Text | str, exercise: str | None = None) -> Problem:
    owner: Owner = bundle.owners[0]
    return Problem(path=_path(bundle, file), reason=reason, student=owner.id, exercise=exercise or "")


def _problems(
    bundle: Bundle, reason: Text | str, exercise: str | None, file: FileEntry | None = None
) -> Iterator[Problem]:
    """What is told of a submission that cannot be graded, for each of its owners."""
    problem = _problem(bundle, file, reason, exercise)
    return (msgspec.structs.replace(problem, student=owner.id) for owner in bundle.owners)
