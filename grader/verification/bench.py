"""One exercise of a course on the bench: submissions are graded against it, and what is wrong is noted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import msgspec

from grader.checking import collect_checks
from grader.checking.calls import Question
from grader.course import Course, Exercise
from grader.grading import Session, Trial
from grader.grading.session import NO_TRIAL
from grader.language import Text, Translator, _
from grader.records import CheckReport, Outcome, Report, Visibility
from grader.verification.findings import Finding, Severity
from grader.verification.secrets import Words, given_away, known_from

FAULTS = frozenset({Outcome.FAILED, Outcome.TIMED_OUT})
"""Outcomes by which a check holds something against a submission."""

Asked = Mapping[str, Sequence[Question]]
"""The questions of a run, by the check that asked them."""


@dataclass
class Bench:
    """The session that grades, the exercise, and what was found so far; `runs` counts the gradings."""

    session: Session
    exercise: Exercise
    findings: list[Finding] = field(default_factory=list)
    runs: int = 0
    solved: Asked = field(default_factory=dict)
    """the questions that the solution was asked, and its answers"""

    @property
    def course(self) -> Course:
        """The course of the session."""
        return self.session.course

    @cached_property
    def english(self) -> Translator:
        """Without translations: wrong answers declare English words, whatever the language of the findings."""
        return Translator.english()

    @cached_property
    def _known(self) -> Words:
        """What every student reads of this exercise."""
        texts = [self.exercise.stub.read_text("utf-8", "replace")]
        texts += [task.read_text("utf-8", "replace") for task in self.exercise.tasks.values()]
        for spec in collect_checks(self.exercise.checks):
            said = [spec.title, *([] if spec.hint is None else [spec.hint]), *spec.hints]
            texts += [self.english.render(sentence) for sentence in said]
        return known_from(texts)

    def tell(self, file: Path, sentence: Text | str, check: str = "", severity: Severity = Severity.ERROR) -> None:
        """Note a finding, once however often it is made."""
        finding = Finding(
            severity=severity,
            exercise=self.exercise.id,
            check=check,
            file=str(file),
            sentence=self.session.translator.render(sentence),
        )
        if finding not in self.findings:
            self.findings.append(finding)

    def grade(self, file: Path, trial: Trial = NO_TRIAL, *, content: bytes | None = None) -> tuple[Report, Asked]:
        """The report of a submission, in English, and what it was asked. A check that breaks is a finding."""
        self.runs += 1
        asked: dict[str, list[Question]] = defaultdict(list)
        trial = msgspec.structs.replace(trial, heard=lambda question: asked[question.check].append(question))
        report = self.session.grade(self.exercise, file, content=content, trial=trial, translator=self.english)
        for check in report.checks:
            if check.outcome is Outcome.ERRORED:
                self._tell_broken(check, file)
            elif check.outcome in FAULTS and check.visibility is Visibility.HIDDEN and asked[check.id]:
                self._tell_secrets(check, asked[check.id])
        return report, asked

    def _tell_broken(self, check: CheckReport, file: Path) -> None:
        sentence = _(
            "The check itself fails with {file}: mend the check. {message}",
            file=str(file),
            message=check.message or "",
        )
        self.tell(self.exercise.checks, sentence, check.id)

    def _tell_secrets(self, check: CheckReport, asked: Sequence[Question]) -> None:
        inputs, answers = given_away(check, asked, self.solved.get(check.id, ()), self._known)
        if inputs:
            sentence = _(
                "What it says of a wrong answer shows a hidden input, {words}: say what is wrong without it, "
                'or make the check `visibility="public"`.',
                words=", ".join(inputs[:3]),
            )
            self.tell(self.exercise.checks, sentence, check.id)
        if answers:
            sentence = _(
                "What it says of a wrong answer shows the right answer to a hidden input, {words}: add `secret=True` "
                'to the expectation, or make the check `visibility="public"`.',
                words=", ".join(answers[:3]),
            )
            self.tell(self.exercise.checks, sentence, check.id)
