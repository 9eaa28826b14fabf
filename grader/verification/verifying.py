"""Running a course against what proves it: stubs earn nothing, solutions everything, wrong answers what they say."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.course import Exercise
from grader.errors import CourseError, UsageError
from grader.grading import Session
from grader.language import Text, _
from grader.records import Outcome, Report, Verdict
from grader.verification.answers import WrongAnswer, solution_of, wrong_answers
from grader.verification.bench import FAULTS, Bench
from grader.verification.findings import Finding, Margin, Severity, Timing, Verification
from grader.verification.solutions import margins, solve
from grader.verification.strays import strays_of_course, strays_of_exercise
from grader.verification.texts import look_at, look_beside


@dataclass(frozen=True, slots=True)
class Depth:
    """How much is tried: `runs` of each solution in different orders of the checks, `seeds` trainings of each model."""

    runs: int = 10
    seeds: int = 3


@dataclass
class _Found:
    findings: list[Finding] = field(default_factory=list)
    margins: list[Margin] = field(default_factory=list)
    timings: list[Timing] = field(default_factory=list)
    checks: int = 0
    proven: int = 0
    runs: int = 0
    wrong: int = 0


def verify(
    session: Session, exercises: Sequence[Exercise], depth: Depth, progress: Callable[[Text], None]
) -> Verification:
    """Verify `exercises` of the session's course. Raises InternalError when the grader fails at running them."""
    started = time.monotonic()
    found = _Found()
    if len(exercises) == len(session.course.exercises):
        found.findings += strays_of_course(session.course, session.translator)
        found.findings += _beside(session)
    for exercise in exercises:
        progress(_("Verifying {exercise}…", exercise=exercise.id))
        _verify(Bench(session, exercise), depth, found)
    return Verification(
        exercises=tuple(exercise.id for exercise in exercises),
        checks=found.checks,
        proven=found.proven,
        runs=found.runs,
        wrong_answers=found.wrong,
        seconds=time.monotonic() - started,
        findings=tuple(found.findings),
        margins=tuple(found.margins),
        timings=tuple(found.timings),
    )


def _beside(session: Session) -> list[Finding]:
    try:
        return list(look_beside(session.course, session.translator))
    except CourseError:
        return []  # the exercise whose checks import that module says why


def _verify(bench: Bench, depth: Depth, found: _Found) -> None:
    """One exercise. What cannot be used at all ends it, and is a finding."""
    course, exercise = bench.course, bench.exercise
    try:
        bench.findings += look_at(course, exercise, bench.session.translator)
        bench.findings += strays_of_exercise(course, exercise, bench.session.translator)
        checks = _stub(bench)
        found.checks += len(checks)
        solution = solution_of(course, exercise)
        if solution is not None:
            found.timings += solve(bench, solution, depth.runs)
            found.margins += margins(bench, solution, depth.seeds)
        # After the solution, whose answers are then known: nothing may be said of them.
        _hollow(bench)
        answers = wrong_answers(course, exercise)
        found.wrong += len(answers)
        found.proven += _prove(bench, answers, checks)
    except CourseError as error:
        bench.tell(exercise.checks, error.message)
    except UsageError as error:
        bench.tell(exercise.stub, error.message)
    found.findings += bench.findings
    found.runs += bench.runs


def _stub(bench: Bench) -> list[str]:
    """The stub earns nothing and passes nothing. Returns the ids of all checks."""
    exercise = bench.exercise
    report, _asked = bench.grade(exercise.stub)
    earned = 0.0 if report.score is None else report.score.earned
    passed = [check for check in report.checks if check.outcome is Outcome.PASSED]
    if earned:
        bench.tell(exercise.stub, _("The stub earns {points:g} points; it must earn none.", points=earned))
    elif passed:
        sentence = _("The stub passes it: let it ask for something that only a right answer has.")
        for check in passed:
            bench.tell(exercise.checks, sentence, check.id)
    elif report.verdict is not Verdict.NOT_ATTEMPTED:
        sentence = _("The stub is not taken for one: end each function with `raise NotImplementedError`.")
        bench.tell(exercise.stub, sentence, severity=Severity.WARNING)
    return [check.id for check in report.checks]


def _hollow(bench: Bench) -> None:
    """No check passes where every function returns nothing."""
    exercise = bench.exercise
    report, _asked = bench.grade(exercise.stub, content=hollow(exercise.stub))
    for check in report.checks:
        if check.outcome is Outcome.PASSED:
            sentence = _("A function that returns nothing passes it: add the check of the answer to its `needs`.")
            bench.tell(exercise.checks, sentence, check.id)


def _prove(bench: Bench, answers: Sequence[WrongAnswer], checks: Sequence[str]) -> int:
    """Every wrong answer fails the checks that it declares and no other; how many checks some of them fails."""
    proven: set[str] = set()
    for answer in answers:
        report, _asked = bench.grade(answer.file)
        proven |= {check.id for check in report.checks if check.outcome in FAULTS}
        for sentence in _disagreements(answer, report):
            bench.tell(answer.file, sentence)
    for check in checks:
        if check not in proven:
            sentence = _(
                "No wrong answer fails it, so nobody knows whether it can: add one with `# fails: {check}`.",
                check=check,
            )
            bench.tell(bench.exercise.checks, sentence, check)
    return len(proven)


def hollow(stub: Path) -> bytes:
    """A stub whose functions return nothing, as a submission. Where Python cannot read it, the stub as it is."""
    source = stub.read_bytes()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return source
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            node.body = [ast.Return(ast.Constant(None))]
    return ast.unparse(ast.fix_missing_locations(tree)).encode()


def _disagreements(answer: WrongAnswer, report: Report) -> Iterator[Text]:
    """Where a wrong answer was graded otherwise than it declares."""
    failed = [check for check in report.checks if check.outcome in FAULTS]
    names = {check.id for check in failed}
    if report.verdict is Verdict.UNGRADED:
        return  # of a check that breaks, which is told
    if not failed:
        yield _("It fails no check: make it wrong, add the check that it must fail, or remove it.")
        return
    if answer.functions:
        functions = {check.function for check in failed}
        if answer.functions not in ({"*"}, functions):
            yield _(
                "Checks of {functions} fail, and it declares {declared}: correct the line `# fails:`, or the checks.",
                functions=_names(functions),
                declared=_names(answer.functions),
            )
    elif names != answer.checks:
        yield _(
            "{failed} fail, and it declares {declared}: correct the line `# fails:`, or the checks.",
            failed=_names(names),
            declared=_names(answer.checks),
        )
    told = "\n".join(
        [text for check in failed for text in (check.message, check.hint, check.expected, check.observed) if text]
        + list(report.notes)
    )
    for words in answer.words:
        if words not in told:
            yield _(
                '"{words}" stands in nothing that is said of it: correct the line `# says:`, or what the check says.',
                words=words,
            )


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "-"
