"""Finding every submission of a cohort in a folder or an archive, in whatever layout it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from grader.batch.choosing import Choice, choose
from grader.batch.layouts import detect, split, unwrapped
from grader.batch.names import plain
from grader.batch.records import Bundle, Cohort, Handed, Layout, Owner, Problem
from grader.batch.roster import Roster
from grader.batch.trees import open_tree
from grader.course import Exercise
from grader.errors import UsageError
from grader.language import _
from grader.submission.wording import listed, printable


def find_cohort(
    path: Path,
    *,
    exercises: Sequence[Exercise],
    wanted: Sequence[Exercise] = (),
    roster: Sequence[Owner] | None = None,
    layout: Layout | None = None,
    students: Sequence[str] = (),
) -> Cohort:
    """Every submission at `path` for the `wanted` of the course's `exercises`, all of them where none is named.

    `layout` says how to read it where that is not to be detected; `students` are ids, names or e-mail addresses of
    the only ones to look at. Raises UsageError where there is nothing that could be graded.
    """
    tree = open_tree(path)
    if layout is None or layout is not Layout.NBGRADER:
        tree = unwrapped(tree, exercises)
    found = layout or detect(tree, exercises)
    bundles, notices = split(tree, found, exercises)
    if len(wanted) == 1:
        bundles = [_for_exercise(bundle, wanted[0]) for bundle in bundles]
    known = None if roster is None else Roster(roster)
    bundles, strangers = _identified(bundles, known)
    if students:
        bundles = _chosen(bundles, students)
        strangers = [owner for owner in strangers if any(owner in bundle.owners for bundle in bundles)]
    choice = Choice(notices=[*tree.problems, *notices])
    for bundle in bundles:
        one = choose(bundle, exercises, wanted or exercises)
        choice.handed += one.handed
        choice.unreadable += one.unreadable
        choice.notices += one.notices
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
        handed=tuple(handed),
        students=tuple(sorted((*everyone.values(), *absent), key=lambda owner: owner.id)),
        unreadable=tuple(dict.fromkeys(choice.unreadable)),
        notices=tuple(dict.fromkeys(choice.notices)),
        missing=absent,
        strangers=tuple(strangers),
    )


def _for_exercise(bundle: Bundle, exercise: Exercise) -> Bundle:
    """`bundle` as one for the only exercise that is asked for, where the layout names none."""
    return bundle if bundle.exercise is not None else replace(bundle, exercise=exercise.id)


def _identified(bundles: Iterable[Bundle], roster: Roster | None) -> tuple[list[Bundle], list[Owner]]:
    """The bundles under the roster's own names, and the owners that it does not know."""
    if roster is None:
        return list(bundles), []
    matched: list[Bundle] = []
    strangers: dict[str, Owner] = {}
    for bundle in bundles:
        owners = []
        for owner in bundle.owners:
            student = roster.match(owner)
            if student is None:
                strangers[owner.id] = owner
            owners.append(student or owner)
        matched.append(replace(bundle, owners=tuple(owners)))
    return matched, list(strangers.values())


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
    """The newest submission of each student for each exercise; the others are told."""
    groups: defaultdict[tuple[str, str], list[Handed]] = defaultdict(list)
    for handed in choice.handed:
        groups[handed.student.id, handed.exercise].append(handed)
    latest: list[Handed] = []
    for group in groups.values():
        chosen = max(group, key=lambda one: (one.attempt, one.main.modified))
        latest.append(chosen)
        for other in group:
            if other is not chosen:
                reason = _("It is not graded: {chosen} of the same student is newer.", chosen=chosen.path)
                choice.notices.append(
                    Problem(path=other.path, reason=reason, student=other.student.id, exercise=other.exercise)
                )
    return sorted(latest, key=lambda one: (one.student.id, one.exercise))
