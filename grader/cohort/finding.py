"""Finding every submission of a cohort in a folder or an archive, in whatever layout it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from grader.cohort.choosing import Choice, choose
from grader.cohort.layouts import detect, split, unwrapped
from grader.cohort.names import plain
from grader.cohort.records import Bundle, Cohort, Handed, Layout, Owner, Problem
from grader.cohort.roster import Roster
from grader.cohort.trees import open_tree
from grader.course import Exercise
from grader.errors import UsageError
from grader.language import _
from grader.submission.wording import listed, printable

_BEFORE_ALL: Final = datetime.min.replace(tzinfo=UTC)


def find_cohort(
    path: Path,
    *,
    exercises: Sequence[Exercise],
    wanted: Sequence[Exercise] = (),
    roster: Sequence[Owner] | None = None,
    layout: Layout | None = None,
    students: Sequence[str] = (),
    without: Path | None = None,
) -> Cohort:
    """Every submission at `path` for the `wanted` of the course's `exercises`, all of them where none is named.

    `layout` says how to read it where that is not to be detected; `students` are ids, names or e-mail addresses of
    the only ones to look at; `without` is a folder at `path` that holds no submissions.

    Raises UsageError where there is nothing that could be graded.
    """
    tree = open_tree(path, without=without)
    if layout is None or layout is not Layout.NBGRADER:
        tree = unwrapped(tree, exercises)
    found = layout or detect(tree, exercises)
    bundles, notices = split(tree, found, exercises)
    known = None if roster is None else Roster(roster)
    bundles, strangers, doubts = _identified(bundles, known)
    if students:
        bundles = _chosen(bundles, students)
        strangers = [owner for owner in strangers if any(owner in bundle.owners for bundle in bundles)]
    choice = Choice(notices=[*notices, *doubts], left_out=list(tree.problems))
    asked = wanted[0].id if len(wanted) == 1 else None
    for bundle in bundles:
        one = choose(bundle, exercises, wanted or exercises, asked=asked)
        choice.handed += one.handed
        choice.unreadable += one.unreadable
        choice.notices += one.notices
        choice.left_out += one.left_out
    handed = _latest(choice)
    everyone = {owner.id: owner for bundle in bundles for owner in bundle.owners}
    absent = () if known is None or students else tuple(owner for owner in known.students if owner.id not in everyone)
    if not everyone:
        raise UsageError(
            _(
                "There is no submission in {path} (read as {layout}). Name the folder of submissions, or its layout "
                "with --layout.",
                path=printable(path),
                layout=found.value,
            )
        )
    return Cohort(
        layout=found,
        exercises=tuple(exercise.id for exercise in wanted),
        handed=tuple(handed),
        students=tuple(sorted((*everyone.values(), *absent), key=lambda owner: owner.id)),
        unreadable=tuple(dict.fromkeys(choice.unreadable)),
        # What a student may have to be asked about comes first.
        notices=tuple(dict.fromkeys((*choice.notices, *choice.left_out))),
        missing=absent,
        strangers=tuple(strangers),
        narrowed=bool(students),
    )


def _identified(bundles: Sequence[Bundle], roster: Roster | None) -> tuple[list[Bundle], list[Owner], list[Problem]]:
    """The bundles under the roster's own names, the owners that it does not know, and what is to be told of them."""
    if roster is None:
        known = [bundle for bundle in bundles if not bundle.doubtful]
        return known, [], [_no_submission(bundle) for bundle in bundles if bundle.doubtful]
    matched: list[Bundle] = []
    strangers: dict[str, Owner] = {}
    doubts: list[Problem] = []
    for bundle in bundles:
        matches = [roster.match(owner, bundle.ids) for owner in bundle.owners]
        if bundle.doubtful and matches == [None]:
            doubts.append(_no_submission(bundle))
            continue
        owners: dict[Owner, bool] = {}
        for owner, match in zip(bundle.owners, matches, strict=True):
            if match is not None:
                owners[match.student] = owners.get(match.student, False) or match.sure
                continue
            stranger = roster.kept_apart(owner)
            owners[stranger] = True
            strangers[stranger.id] = stranger
            several = roster.several(owner)
            if several:
                reason = _("{students} have this name on the roster, so whose it is cannot be told.", students=several)
                doubts.append(Problem(path=printable(bundle.path), reason=reason, student=stranger.id))
        guessed = frozenset(owner.id for owner, sure in owners.items() if not sure)
        matched.append(replace(bundle, owners=tuple(owners), guessed=guessed))
    return matched, list(strangers.values()), doubts


def _no_submission(bundle: Bundle) -> Problem:
    reason = _("It is neither a folder nor a Python file (.py) nor a notebook (.ipynb), and is not graded.")
    return Problem(path=printable(bundle.path), reason=reason)


def _chosen(bundles: Iterable[Bundle], names: Sequence[str]) -> list[Bundle]:
    """The bundles of the students of these names. Raises UsageError for a name that is nobody's."""
    left = {plain(name): name for name in names}
    chosen: list[Bundle] = []
    seen: set[str] = set()
    for bundle in bundles:
        owners = []
        for owner in bundle.owners:
            fitting = {plain(text) for text in (owner.id, owner.name, owner.email) if text} & set(left)
            seen |= fitting
            if fitting:
                owners.append(owner)
        if owners:
            chosen.append(replace(bundle, owners=tuple(owners)))
    unknown = [name for key, name in left.items() if key not in seen]
    if unknown:
        raise UsageError(_("No submission here is of {students}.", students=listed(unknown, printable)))
    return chosen


def _latest(choice: Choice) -> list[Handed]:
    """The newest submission of each student for each exercise; the others are told.

    One that is the student's by the roster's own words goes before one that only looks like it: anybody may call
    himself nearly as another is called.
    """
    groups: defaultdict[tuple[str, str], list[Handed]] = defaultdict(list)
    for handed in choice.handed:
        groups[handed.student.id, handed.exercise].append(handed)
    latest: list[Handed] = []
    for group in groups.values():
        chosen = max(
            group, key=lambda one: (not one.guessed, one.handed_in or _BEFORE_ALL, one.attempt, one.main.modified)
        )
        latest.append(chosen)
        for other in group:
            if other is chosen:
                continue
            if other.guessed and not chosen.guessed:
                reason = _("It is not graded: {chosen} is more surely of the same student.", chosen=chosen.path)
            else:
                reason = _("It is not graded: {chosen} of the same student is newer.", chosen=chosen.path)
            choice.notices.append(
                Problem(path=other.path, reason=reason, student=other.student.id, exercise=other.exercise)
            )
    return sorted(latest, key=lambda one: (one.student.id, one.exercise))
