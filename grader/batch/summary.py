"""What came of a batch, as data: for the page that ends it, and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from grader.batch.preparing import Plan
from grader.batch.running import Ended
from grader.cohort.records import Cohort, Owner, Problem
from grader.gradebook import Entry, Overview, stored_id
from grader.language import Translator
from grader.records import Record, Verdict

FORMAT: Final = "grade-batch/1"


class ProblemFacts(Record, frozen=True, kw_only=True):
    """A path and what is said of it, in the batch's language. Both are a submission's: escape them."""

    path: str
    reason: str
    student: str
    exercise: str


class PlannedFacts(Record, frozen=True, kw_only=True):
    """A submission that would be graded. `path` is a submission's: escape it."""

    student: str
    exercise: str
    path: str


class BatchSummary(Record, frozen=True, kw_only=True):
    """What came of a batch. Numbers count submissions; `students` and `missing` are of the whole cohort.

    `handed_in` are the students of whom there is a submission, readable or not; `students` has the missing ones too.
    `graded` were graded now, `same` of them as equal to another one; `left` were not come to, since the batch was
    stopped; `kept` stand from earlier; `failures` are those at which the grader failed, `unreadable` those that cannot
    be graded. A dry run has only found them: `to_grade` says how many it would grade, and `planned` which. `names` are
    those of `missing` and `strangers`, by id, where known. `others` are in the gradebook, and not in this batch.
    """

    format: str = FORMAT
    layout: str
    students: int
    handed_in: int
    submissions: int
    to_grade: int
    graded: int = 0
    left: int = 0
    same: int = 0
    kept: int
    interrupted: bool = False
    unreadable: tuple[ProblemFacts, ...]
    failures: tuple[ProblemFacts, ...] = ()
    notices: tuple[ProblemFacts, ...]
    missing: tuple[str, ...]
    strangers: tuple[str, ...]
    names: dict[str, str]
    others: tuple[str, ...] = ()
    planned: tuple[PlannedFacts, ...] = ()
    overview: Overview | None = None


def summarize(
    cohort: Cohort,
    plan: Plan,
    translator: Translator,
    *,
    ended: Ended | None = None,
    overview: Overview | None = None,
    others: Sequence[str] = (),
) -> BatchSummary:
    """The summary of a batch that `ended`, or of one that was not begun."""

    def facts(problems: Iterable[Problem]) -> tuple[ProblemFacts, ...]:
        return tuple(
            ProblemFacts(
                path=problem.path,
                reason=translator.render(problem.reason),
                student=problem.student,
                exercise=problem.exercise,
            )
            for problem in problems
        )

    unreadable = plan.unreadable if ended is None else tuple(ended.unreadable)
    return BatchSummary(
        layout=cohort.layout.value,
        students=len(cohort.students),
        handed_in=len({one.student.id for one in cohort.handed} | {one.student for one in cohort.unreadable}),
        submissions=len(cohort.handed) + len(cohort.unreadable),
        to_grade=plan.count,
        graded=0 if ended is None else len(ended.graded),
        left=0 if ended is None else plan.count - _done(plan, ended),
        same=plan.same if ended is None else ended.same,
        kept=len(plan.kept),
        interrupted=ended is not None and ended.interrupted,
        unreadable=facts((*cohort.unreadable, *unreadable)),
        failures=() if ended is None else facts(ended.failures),
        notices=facts(cohort.notices),
        missing=_ids(cohort.missing),
        strangers=_ids(cohort.strangers),
        names={owner.id: owner.name for owner in (*cohort.missing, *cohort.strangers) if owner.name},
        others=tuple(others),
        planned=() if ended is not None else _planned(plan),
        overview=overview,
    )


def others_in(table: Iterable[Entry], cohort: Cohort) -> list[str]:
    """The students who have handed in something by the gradebook's entries, and are not in this cohort; by id."""
    here = {stored_id(owner.id) for owner in cohort.students}
    return sorted({entry.student.id for entry in table if entry.run is not None} - here)


def verdicts_of(plan: Plan, ended: Ended) -> set[Verdict]:
    """How the submissions of a batch ended: those that were graded now, and those whose earlier run stands."""
    return {verdict for _handed, verdict in ended.graded} | {handing.run.verdict for handing in plan.handings}


def _done(plan: Plan, ended: Ended) -> int:
    """How many of what was planned have come to some end."""
    changed_meanwhile = len(ended.unreadable) - len(plan.unreadable)
    return len(ended.graded) + len(ended.failures) + changed_meanwhile


def _planned(plan: Plan) -> tuple[PlannedFacts, ...]:
    found = (
        PlannedFacts(student=one.student.id, exercise=one.exercise, path=one.path)
        for task in plan.tasks
        for one in task.handed
    )
    return tuple(sorted(found, key=lambda one: (one.student, one.exercise)))


def _ids(owners: Iterable[Owner]) -> tuple[str, ...]:
    return tuple(owner.id for owner in owners)
