"""Running a course against what proves it: stubs earn nothing, solutions everything, wrong answers what they say."""

from __future__ import annotations

import ast
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from grader.course import Course, Exercise
from grader.errors import CourseError, UsageError
from grader.grading import Session, Trial
from grader.grading.session import NO_TRIAL
from grader.language import Text, Translator, _
from grader.records import CheckReport, Outcome, Report, Verdict
from grader.verification.answers import WrongAnswer, solution_of, wrong_answers
from grader.verification.findings import Finding, Margin, Severity, Slowest, Verification
from grader.verification.texts import look_at

ROOM: Final = 3.0
"""Standard deviations that a threshold should be from the solution's mean: else one training in a thousand fails."""
SLOW: Final = 0.5
"""Part of a call's time limit beyond which a check is close to failing on a busy machine."""
_FAULTS: Final = {Outcome.FAILED, Outcome.TIMED_OUT}


@dataclass(frozen=True, slots=True)
class Depth:
    """How much is tried: `runs` of each solution in different orders of the checks, `seeds` trainings of each model."""

    runs: int = 10
    seeds: int = 3


@dataclass
class _Found:
    findings: list[Finding] = field(default_factory=list)
    margins: list[Margin] = field(default_factory=list)
    slowest: list[Slowest] = field(default_factory=list)
    proven: set[tuple[str, str]] = field(default_factory=set)
    checks: int = 0
    runs: int = 0
    wrong: int = 0


def verify(
    session: Session, exercises: Sequence[Exercise], depth: Depth, progress: Callable[[Text], None]
) -> Verification:
    """Verify `exercises` of the session's course. Raises InternalError when the grader fails at running them."""
    started = time.monotonic()
    found = _Found()
    for exercise in exercises:
        progress(_("Verifying {exercise}…", exercise=exercise.id))
        _Verifier(session, exercise, depth, found).run()
    return Verification(
        exercises=tuple(exercise.id for exercise in exercises),
        checks=found.checks,
        proven=len(found.proven),
        runs=found.runs,
        wrong_answers=found.wrong,
        seconds=time.monotonic() - started,
        findings=tuple(found.findings),
        margins=tuple(found.margins),
        slowest=tuple(found.slowest),
    )


class _Verifier:
    """One exercise."""

    def __init__(self, session: Session, exercise: Exercise, depth: Depth, found: _Found) -> None:
        self._session = session
        self._course: Course = session.course
        self._exercise = exercise
        self._depth = depth
        self._found = found

    def run(self) -> None:
        """Everything that is verified of it; what cannot be used at all ends it, and is a finding."""
        try:
            self._found.findings += look_at(self._course, self._exercise, self._session.translator)
            self._stub()
            solution = solution_of(self._course, self._exercise)
            if solution is not None:
                self._solution(solution)
                self._margins(solution)
            self._wrong_answers()
        except CourseError as error:
            self._tell(self._exercise.checks, error.message)
        except UsageError as error:
            self._tell(self._exercise.stub, error.message)

    def _tell(self, file: Path, sentence: Text | str, check: str = "", severity: Severity = Severity.ERROR) -> None:
        self._found.findings.append(
            Finding(
                severity=severity,
                exercise=self._exercise.id,
                check=check,
                file=str(file),
                sentence=self._session.translator.render(sentence),
            )
        )

    def _grade(
        self,
        file: Path,
        trial: Trial = NO_TRIAL,
        translator: Translator | None = None,
        content: bytes | None = None,
    ) -> Report:
        self._found.runs += 1
        report = self._session.grade(self._exercise, file, content=content, trial=trial, translator=translator)
        for check in report.checks:
            if check.outcome is Outcome.ERRORED:
                self._tell(
                    self._exercise.checks,
                    _(
                        "The check itself fails with {file}: mend the check. {message}",
                        file=str(file),
                        message=check.message or "",
                    ),
                    check.id,
                )
        return report

    def _stub(self) -> None:
        report = self._grade(self._exercise.stub)
        earned = 0.0 if report.score is None else report.score.earned
        if earned:
            self._tell(self._exercise.stub, _("The stub earns {points:g} points; it must earn none.", points=earned))
        elif report.verdict is not Verdict.NOT_ATTEMPTED:
            sentence = _("The stub is not taken for one: end each function with `raise NotImplementedError`.")
            self._tell(self._exercise.stub, sentence, severity=Severity.WARNING)
        self._hollow()

    def _hollow(self) -> None:
        """No check passes where every function returns nothing."""
        for check in self._grade(self._exercise.stub, content=hollow(self._exercise.stub)).checks:
            if check.outcome is Outcome.PASSED:
                self._tell(
                    self._exercise.checks,
                    _("A function that returns nothing passes it: add the check of the answer to its `needs`."),
                    check.id,
                )

    def _solution(self, solution: Path) -> None:
        """The solution passes every check, as often as it is graded and in whichever order."""
        slowest: CheckReport | None = None
        trained = False
        told: set[str] = set()
        for number in range(self._depth.runs):
            report = self._grade(solution, Trial(shuffle=number or None))
            for check in report.checks:
                if check.outcome is not Outcome.PASSED and check.id not in told:
                    told.add(check.id)
                    self._tell(self._exercise.checks, self._not_passed(check, number), check.id)
                if slowest is None or check.seconds > slowest.seconds:
                    slowest = check
            trained = trained or bool(report.trainings)
            if number == 0:
                self._found.checks += len(report.checks)
        if slowest is not None:
            limit = self._session.limits(self._exercise).call_seconds
            self._found.slowest.append(
                Slowest(exercise=self._exercise.id, check=slowest.id, seconds=slowest.seconds, limit=limit)
            )
            # A training has a limit of its own, and is remembered.
            if slowest.seconds > SLOW * limit and not trained:
                sentence = _(
                    "It takes {seconds:.1f} of {limit:g} seconds: raise `call_seconds`, or ask for less.",
                    seconds=slowest.seconds,
                    limit=limit,
                )
                self._tell(self._exercise.checks, sentence, slowest.id, Severity.WARNING)

    def _not_passed(self, check: CheckReport, number: int) -> Text:
        if number == 0:
            return _(
                "The solution does not pass it ({outcome}): {message}",
                outcome=check.outcome.value,
                message=check.message or "",
            )
        return _(
            "The solution passes it in the file's order and not in another: it depends on a check that it does not "
            "name in `needs`, or on chance. {message}",
            message=check.message or "",
        )

    def _margins(self, solution: Path) -> None:
        """How far the solution's trained metrics are from their thresholds, with several seeds."""
        values: dict[tuple[str, str, float], list[float]] = defaultdict(list)
        for number in range(self._depth.seeds):
            report = self._grade(solution, Trial(training_seed=number + 1))
            for metric in report.metrics:
                if metric.threshold is not None:
                    values[metric.name, metric.split, metric.threshold].append(metric.value)
            if not report.metrics:
                return
        for (name, split, threshold), found in values.items():
            mean = statistics.fmean(found)
            spread = statistics.stdev(found) if len(found) > 1 else 0.0
            deviations = (mean - threshold) / spread if spread > 0 else None
            self._found.margins.append(
                Margin(
                    exercise=self._exercise.id,
                    metric=name,
                    split=split,
                    threshold=threshold,
                    values=tuple(found),
                    mean=mean,
                    deviations=deviations,
                )
            )
            if min(found) < threshold or (deviations is not None and deviations < ROOM):
                self._tell(
                    self._exercise.checks,
                    _(
                        "The threshold {threshold:g} is too close to what the solution reaches ({mean:.3f} on average, "
                        "{least:.3f} at worst): lower it, or train longer.",
                        threshold=threshold,
                        mean=mean,
                        least=min(found),
                    ),
                )

    def _wrong_answers(self) -> None:
        """Every wrong answer fails the checks that it declares and no other, and every check has one that it fails."""
        answers = wrong_answers(self._course, self._exercise)
        # The words that they declare are English, whatever the language of the findings.
        english = Translator.english()
        self._found.wrong += len(answers)
        everything: dict[str, None] = {}
        proven: set[str] = set()
        for answer in answers:
            report = self._grade(answer.file, translator=english)
            everything |= dict.fromkeys(check.id for check in report.checks)
            failed = {check.id for check in report.checks if check.outcome in _FAULTS}
            proven |= failed
            for sentence in _disagreements(answer, report):
                self._tell(answer.file, sentence)
        if not everything:
            everything = dict.fromkeys(check.id for check in self._grade(self._exercise.stub).checks)
        for check in everything:
            if check not in proven:
                self._tell(
                    self._exercise.checks,
                    _(
                        "No wrong answer fails it, so nobody knows whether it can: add one with `# fails: {check}`.",
                        check=check,
                    ),
                    check,
                )
        self._found.proven |= {(self._exercise.id, check) for check in proven}


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
    failed = [check for check in report.checks if check.outcome in _FAULTS]
    names = {check.id for check in failed}
    if report.score is not None and report.score.earned >= report.score.possible:
        yield _("It earns everything, so it is not wrong, or a check is missing.")
        return
    if answer.functions:
        functions = {check.function for check in failed}
        if answer.functions not in ({"*"}, functions):
            yield _(
                "Checks of {functions} fail, and it declares {declared}.",
                functions=_names(functions),
                declared=_names(answer.functions),
            )
    elif names != answer.checks:
        yield _("{failed} fail, and it declares {declared}.", failed=_names(names), declared=_names(answer.checks))
    told = "\n".join(
        [text for check in failed for text in (check.message, check.hint, check.expected, check.observed) if text]
        + list(report.notes)
    )
    for words in answer.words:
        if words not in told:
            yield _('"{words}" stands in nothing that is said of it.', words=words)


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "-"
