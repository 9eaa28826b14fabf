"""One exercise against what proves it: stubs earn nothing, solutions everything, wrong answers what they say."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import CourseError, UsageError
from grader.language import Text, _
from grader.records import Outcome, Record, Report, Verdict
from grader.verification.answers import WrongAnswer, solution_of, wrong_answers
from grader.verification.bench import FAULTS, Bench
from grader.verification.findings import Finding, Margin, Severity, Timing
from grader.verification.solutions import margins, solve
from grader.verification.strays import strays_of_exercise
from grader.verification.texts import look_at


@dataclass(frozen=True, slots=True)
class Depth:
    """How much is tried: `runs` of each solution in different orders of the checks, `seeds` trainings of each model."""

    runs: int = 10
    seeds: int = 3


class Found(Record, frozen=True, kw_only=True):
    """What came of one exercise."""

    exercise: str
    findings: tuple[Finding, ...]
    margins: tuple[Margin, ...] = ()
    timings: tuple[Timing, ...] = ()
    checks: int = 0
    proven: int = 0
    runs: int = 0
    wrong: int = 0


def verify_exercise(bench: Bench, depth: Depth) -> Found:
    """One exercise. What cannot be used at all ends it, and is a finding."""
    exercise = bench.exercise
    facts: dict[str, Any] = {}
    try:
        _try_all(bench, depth, facts)
    except CourseError as error:
        bench.tell(exercise.checks, error.message)
    except UsageError as error:
        bench.tell(exercise.stub, error.message)
    return Found(exercise=exercise.id, findings=tuple(bench.findings), runs=bench.runs, **facts)


def _try_all(bench: Bench, depth: Depth, facts: dict[str, Any]) -> None:
    """Everything that is verified of an exercise; `facts` are the fields of what came of it so far."""
    course, exercise = bench.course, bench.exercise
    bench.findings += look_at(course, exercise, bench.session.translator)
    bench.findings += strays_of_exercise(course, exercise, bench.session.translator)
    checks = _stub(bench)
    facts["checks"] = len(checks)
    solution = solution_of(course, exercise)
    if solution is not None:
        facts["timings"] = tuple(solve(bench, solution, depth.runs))
        facts["margins"] = tuple(margins(bench, solution, depth.seeds))
    # After the solution, whose answers are then known: nothing may be said of them.
    _hollow(bench)
    answers = wrong_answers(course, exercise)
    facts["wrong"] = len(answers)
    facts["proven"] = _prove(bench, answers, checks)


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
