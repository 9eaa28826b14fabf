"""Every submission of the corpus, graded as a student's would be. README.md beside this file says what is in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.course import builtin_folder, read_course
from grader.grading import GradingOptions, Session
from grader.records import CheckReport, Outcome, Report, Verdict

pytestmark = pytest.mark.slow

CORPUS = Path(__file__).parent
SECONDS = 4.0
"""For one call: enough for Keras on a busy machine, little for a loop that does not end."""
FAULTS = {Outcome.FAILED, Outcome.TIMED_OUT}
EXERCISES = [f"exercise-{number}" for number in range(1, 7)]
HEADER = re.compile(r"^# (fails|says): *(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Expected:
    """What the comments at the top of a submission say must come of it."""

    checks: frozenset[str]
    functions: frozenset[str]
    words: tuple[str, ...]


def submissions(kind: str) -> list[object]:
    files = sorted(file for file in (CORPUS / kind).rglob("*") if file.suffix in {".py", ".ipynb"})
    return [
        pytest.param(file, exercise, id=f"{exercise}-{file.name}")
        for file in files
        for exercise in (EXERCISES if file.parent.name == "all" else [file.parent.name])
    ]


def source_of(file: Path) -> str:
    text = file.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    if file.suffix == ".py":
        return text
    code = next(cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code")
    return "".join(code["source"])


def expected_of(file: Path) -> Expected:
    found = HEADER.findall(source_of(file))
    names = [name.strip() for kind, value in found if kind == "fails" for name in value.split(",")]
    assert names, f"{file} does not say which checks must fail"
    return Expected(
        checks=frozenset(name for name in names if name.startswith("test_")),
        functions=frozenset(name for name in names if not name.startswith("test_")),
        words=tuple(value for kind, value in found if kind == "says"),
    )


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(read_course(builtin_folder()), GradingOptions(time_limit=SECONDS)) as session:
        yield session


def grade(session: Session, file: Path, exercise: str) -> Report:
    return session.grade(session.course.exercise(exercise), file)


def failures(report: Report) -> list[CheckReport]:
    return [check for check in report.checks if check.outcome in FAULTS]


def told(report: Report) -> str:
    texts = [text for check in failures(report) for text in (check.message, check.hint, check.expected, check.observed)]
    return "\n".join([text for text in texts if text] + list(report.notes))


@pytest.mark.parametrize(("file", "exercise"), submissions("right"))
def test_a_right_submission_passes(session: Session, file: Path, exercise: str) -> None:
    report = grade(session, file, exercise)
    not_passed = {
        check.id: (check.outcome, check.message, check.observed)
        for check in report.checks
        if check.outcome not in {Outcome.PASSED, Outcome.NOT_RUN}
    }
    assert not_passed == {}, report.notes
    assert report.verdict in {Verdict.PASSED, Verdict.PARTIAL}


@pytest.mark.parametrize(("file", "exercise"), [*submissions("wrong"), *submissions("broken")])
def test_the_mistake_is_found_and_named_and_nothing_else(session: Session, file: Path, exercise: str) -> None:
    expected = expected_of(file)
    report = grade(session, file, exercise)
    failed = {check.id: check.message for check in failures(report)}
    assert report.verdict is not Verdict.UNGRADED, report.notes
    if expected.functions:
        functions = {check.function for check in failures(report)}
        assert functions == (expected.functions if expected.functions != {"*"} else functions), failed
    else:
        assert set(failed) == expected.checks, failed
    for words in expected.words:
        assert words in told(report), told(report)
    for check in report.checks:
        if check.outcome is Outcome.SKIPPED:
            assert check.message


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_solution_earns_everything_and_a_stub_nothing(session: Session, exercise: str) -> None:
    entry = session.course.exercise(exercise)
    solved = session.grade(entry, builtin_folder() / "solutions" / exercise)
    assert solved.verdict is Verdict.PASSED
    assert solved.score is not None
    assert solved.score.earned == solved.score.possible == entry.possible
    untouched = session.grade(entry, entry.stub)
    assert untouched.verdict is Verdict.NOT_ATTEMPTED
    assert untouched.score is not None
    assert untouched.score.earned == 0


def test_the_corpus_is_large_enough() -> None:
    sizes = {kind: len(submissions(kind)) for kind in ("right", "wrong", "broken")}
    assert sizes["right"] >= 30
    assert sizes["wrong"] >= 60
    assert sizes["broken"] >= 20
