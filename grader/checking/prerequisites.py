"""Checks that need others: an order in which every check comes after what it needs, and who must be skipped."""

from __future__ import annotations

import graphlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from grader.checking.specs import CheckSpec
from grader.errors import CourseError
from grader.language import Text, _
from grader.records import Outcome


def check_needs(specs: Sequence[CheckSpec], problem: Callable[[Text], CourseError]) -> None:
    """Raise what `problem` makes of the sentence when a need is unknown or needs form a circle."""
    names = {spec.id for spec in specs}
    for spec in specs:
        for need in spec.needs:
            if need not in names:
                raise problem(_("{name} needs {need}, which is no check of this file.", name=spec.id, need=need))
    try:
        graphlib.TopologicalSorter({spec.id: spec.needs for spec in specs}).prepare()
    except graphlib.CycleError as error:
        raise problem(
            _("These checks need each other in a circle: {names}.", names=" → ".join(error.args[1]))
        ) from None


def in_order(specs: Iterable[CheckSpec]) -> list[str]:
    """The names of the checks, each after those that it needs, otherwise in the given order.

    The needs must be free of circles.
    """
    by_name = {spec.id: spec for spec in specs}
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in ordered:
            for need in by_name[name].needs:
                visit(need)
            ordered[name] = None

    for name in by_name:
        visit(name)
    return list(ordered)


def unmet(spec: CheckSpec, outcomes: Mapping[str, Outcome]) -> str | None:
    """The first check that `spec` needs and that did not pass, or None."""
    return next((need for need in spec.needs if outcomes.get(need) is not Outcome.PASSED), None)
