"""The pytest plugin: fixtures, running the checks, and how each of them ended."""

from __future__ import annotations

import types
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.checking.calls import Call, CheckContext, SourceFacts, TrainedModel, overheard
from grader.checking.collecting import Collection, base_name
from grader.checking.diagnosis import Diagnosis
from grader.checking.failures import CheckFailed
from grader.checking.origins import origin
from grader.checking.prerequisites import unmet
from grader.checking.recording import Recorder, switch_to
from grader.checking.runs import NOT_RUN, PASSED, CheckRun, Ending, ending_of, errored, run_of, skipped, stated
from grader.checking.specs import CheckSpec
from grader.checking.student import Answers, Student, generator
from grader.language import _
from grader.records import Outcome

DIAGNOSES = "diagnoses"
"""The name under which a check file may keep diagnoses of its own."""


class CheckPlugin(Collection):
    """Runs the checks of one loaded file, and keeps how each of them ended."""

    def __init__(
        self, file: Path, module: types.ModuleType, specs: tuple[CheckSpec, ...], context: CheckContext
    ) -> None:
        super().__init__(file, module, specs)
        self.begin(module, context)

    def begin(self, module: types.ModuleType, context: CheckContext) -> None:
        """Forget the last run, and be ready for one of the same file, imported anew as `module`, with `context`."""
        self.reload(module)
        self._current = ""
        """The check that is being run. pytest could say it too, and makes a fixture of that for each who asks."""
        self._context = overheard(context, lambda: self._current)
        self._endings: dict[str, Ending] = {}
        self._recorders: dict[str, Recorder] = {}
        self._seconds: Counter[str] = Counter()
        own = getattr(module, DIAGNOSES, ())
        self._diagnoses = tuple(item for item in own if isinstance(item, Diagnosis))

    def runs(self) -> tuple[CheckRun, ...]:
        """Every check in the order of the file; one that was never reached is not_run."""
        return tuple(self._run(spec) for spec in self.instances.values())

    def _ordered(self) -> list[CheckSpec]:
        specs = super()._ordered()
        if self._context.shuffle is not None:
            np.random.default_rng(self._context.shuffle).shuffle(specs)
        return specs

    @pytest.fixture(scope="session")
    def student(self) -> Student:
        """The submission's functions."""
        return Student(self._context)

    @pytest.fixture(scope="session")
    def answers(self, student: Student) -> Answers:
        """What `answer` has asked so far."""
        return Answers(student, self._context)

    @pytest.fixture
    def given(self, answers: Answers) -> tuple[Any, ...]:
        """The arguments with which `answer` is asked: what the check's `given` draws, none without one."""
        return answers.given(self.instances[self._current])

    @pytest.fixture
    def answer(self, answers: Answers) -> Any:
        """What the check's function gives for `given`, asked once for all checks that look at it."""
        return answers(self.instances[self._current])

    @pytest.fixture
    def observed(self, answers: Answers) -> Call:
        """Everything that came of such a call, with what became of its arguments; likewise asked once."""
        return answers.observed(self.instances[self._current])

    @pytest.fixture(scope="session")
    def source(self) -> SourceFacts:
        """What is known of the submission's code without running it."""
        return self._context.source

    @pytest.fixture(scope="session")
    def train(self) -> Any:
        """Train a model of the submission in the grader."""

        def train(
            model: Any,
            inputs: str = "flat",
            *,
            optimizer: str | None = "rmsprop",
            loss: str | None = "sparse_categorical_crossentropy",
            epochs: int = 5,
        ) -> TrainedModel:
            return self._context.train(origin(model), inputs=inputs, optimizer=optimizer, loss=loss, epochs=epochs)

        return train

    @pytest.fixture
    def rng(self) -> np.random.Generator:
        """Random numbers that are the same on every run of this check."""
        return generator(self._context, self._current)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run checks for which pytest has nothing to do but to call them; its protocol takes longer than most do."""
        if not self.is_bare:
            return None
        lasting: dict[str, Any] = {}
        for item in session.items:
            if not self._begin_check(item.name):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    self._call(item, lasting)
                item.funcargs = {}  # type: ignore[attr-defined]  # it outlives this run, and answers are not to
        return True

    def _call(self, item: Any, lasting: dict[str, Any]) -> None:
        """Run a plain check. `lasting` are the values of fixtures that stay the same for the whole run."""

        def value(name: str) -> Any:
            if name in lasting:
                return lasting[name]
            definition = item._fixtureinfo.name2fixturedefs[name][-1]  # noqa: SLF001 - pytest has no public name
            found = definition.func(**{argument: value(argument) for argument in definition.argnames})
            if definition.scope == "session":
                lasting[name] = found
            return found

        def call() -> None:
            item.funcargs = {name: value(name) for name in item._fixtureinfo.argnames}  # noqa: SLF001 - likewise
            item.runtest()

        ended = pytest.CallInfo.from_call(call, "call", reraise=(KeyboardInterrupt, pytest.exit.Exception))
        self.pytest_runtest_logreport(self.pytest_runtest_makereport(item, ended))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Do not run what is decided already: an unwritten function, a prerequisite that was not met."""
        return self._begin_check(item.name) or None

    def _begin_check(self, name: str) -> bool:
        """Whether this check is decided without being run; else it is the current one from now on."""
        ending = self._decided(self.instances[name])
        if ending is not None:
            self._endings[name] = ending
            return True
        self._current = name
        recorder = self._recorders[name] = Recorder()
        switch_to(recorder)
        return False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """A report that shows no source and no values; what pytest would print is never read."""
        error = call.excinfo.value if call.excinfo is not None else None
        skip = isinstance(error, pytest.skip.Exception | pytest.xfail.Exception)
        return pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords={},
            outcome="passed" if error is None else "skipped" if skip else "failed",
            longrepr=None,
            when=call.when,  # type: ignore[arg-type]  # never "collect" here
            duration=call.duration,
            check=item.name,
            error=error,
        )

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep how a phase ended; what failed first stands."""
        name = report.check
        self._seconds[name] += report.duration
        before = self._endings.get(name)
        if before is not None and before.outcome is not Outcome.PASSED:
            return
        if report.when == "call" or not report.passed:
            self._endings[name] = self._ending(report)

    def _decided(self, spec: CheckSpec) -> Ending | None:
        ending = stated(spec, self._context.states)
        if ending is not None:
            return ending
        need = unmet(spec, self._outcomes())
        return None if need is None else skipped(_("needs: {title}", title=self._specs[need].title))

    def _outcomes(self) -> dict[str, Outcome]:
        """The outcome of each check function; one with parameters has passed when all of its instances have."""
        outcomes: dict[str, Outcome] = {}
        for name, ending in self._endings.items():
            if outcomes.get(base_name(name)) in {None, Outcome.PASSED}:
                outcomes[base_name(name)] = ending.outcome
        return outcomes

    def _ending(self, report: Any) -> Ending:
        error = report.error
        if report.skipped:
            return skipped(getattr(report, "wasxfail", None) or _reason(error) or _("The check was skipped."))
        if report.passed:
            return PASSED
        if error is None:
            return errored(RuntimeError(str(report.longrepr)), self.file)
        if report.when == "teardown":
            return errored(error, self.file)
        if isinstance(error, pytest.fail.Exception):
            return ending_of(CheckFailed(_reason(error) or _("The check failed.")), self.file)
        return ending_of(error, self.file, self._diagnoses)

    def _run(self, spec: CheckSpec) -> CheckRun:
        recorder = self._recorders.get(spec.id, Recorder())
        return run_of(
            spec,
            self._endings.get(spec.id, NOT_RUN),
            printed=recorder.printed,
            warnings=tuple(recorder.warnings),
            metrics=tuple(recorder.metrics),
            seconds=self._seconds[spec.id],
        )


def _reason(error: BaseException | None) -> str:
    return str(getattr(error, "msg", None) or "")
