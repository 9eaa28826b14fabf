"""A student's folder, a command line that is called in this process, and a grader that grades nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

import pytest

import grader.grading
from grader.cli.app import run
from grader.cli.streams import error_stream
from grader.course import Exercise
from grader.grading import GradingOptions
from grader.records import (
    CheckReport,
    Environment,
    Outcome,
    Points,
    Report,
    SandboxFacts,
    SandboxLevel,
    Score,
    SubmissionFacts,
    Usage,
    Verdict,
    Visibility,
)
from grader.submission import find_submission


class Ended(NamedTuple):
    """How a call of the command line ended."""

    code: int
    out: str
    err: str


def a_report(exercise: str = "exercise-2", verdict: Verdict = Verdict.PASSED) -> Report:
    """A report of one check that ended as `verdict` says."""
    outcomes = {Verdict.PASSED: Outcome.PASSED, Verdict.UNGRADED: Outcome.ERRORED}
    outcome = outcomes.get(verdict, Outcome.FAILED)
    points = Points(earned=1.0 if outcome is Outcome.PASSED else 0.0, possible=1.0)
    return Report(
        exercise=exercise,
        title="The two-layer model",
        language="en",
        submission=SubmissionFacts(path=f"{exercise}.py", sha256="00" * 32),
        verdict=verdict,
        score=None if verdict is Verdict.UNGRADED else Score(earned=points.earned, possible=1.0),
        checks=(
            CheckReport(
                id="units",
                function="build_model",
                title="It has 한 unit for each class",
                visibility=Visibility.HIDDEN,
                outcome=outcome,
                points=points,
                message=None,
                expected=None,
                observed=None,
                hint=None,
                location=None,
                seconds=0.0,
            ),
        ),
        notes=(),
        metrics=(),
        sandbox=SandboxFacts(level=SandboxLevel.FULL, layers=()),
        usage=Usage(wall_seconds=0.0, cpu_seconds=0.0, peak_memory_bytes=0),
        environment=Environment(grader="0", python="3", tensorflow=None, keras=None),
        seconds=0.1,
    )


@dataclass
class FakeGrader:
    """Answers with `verdicts` by exercise (passed where none is given), or raises `error`; remembers what was asked."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    error: BaseException | None = None
    asked: list[tuple[str, Path | None]] = field(default_factory=list)
    options: GradingOptions | None = None

    def grade(self, exercise: Exercise, path: Path | None) -> Report:
        assert self.options is not None
        self.asked.append((exercise.id, path))
        if self.error is not None:
            raise self.error
        find_submission(path, stem=exercise.stem, folders=self.options.folders)
        return a_report(exercise.id, self.verdicts.get(exercise.id, Verdict.PASSED))

    def grade_submission(
        self, _course: object, exercise: Exercise, path: Path | None, *, options: GradingOptions, progress: Any
    ) -> Report:
        assert callable(progress)
        self.options = options
        return self.grade(exercise, path)

    def session(self, _course: object, options: GradingOptions, _progress: object) -> Self:
        self.options = options
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        return None


@pytest.fixture(autouse=True)
def fresh_streams() -> Iterator[None]:
    """Each test has a standard error of its own."""
    error_stream.cache_clear()
    yield
    error_stream.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, a locale that says nothing, and a memory of its own for earlier runs."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "GRADE_DEBUG", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)
    return here


@pytest.fixture
def grader_of_nothing(monkeypatch: pytest.MonkeyPatch) -> FakeGrader:
    """In place of the real one."""
    fake = FakeGrader()
    monkeypatch.setattr("grader.sharing.guest.owned_folders", list)  # whatever this machine's user is watching
    monkeypatch.setattr(grader.grading, "grade_submission", fake.grade_submission)
    monkeypatch.setattr(grader.grading, "Session", fake.session)
    return fake


@pytest.fixture
def grade(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Calls the command line with words, in the folder."""
    assert folder.is_dir()

    def call(*words: str | Path) -> Ended:
        code = run([str(word) for word in words])
        return Ended(code, *capsys.readouterr())

    return call
