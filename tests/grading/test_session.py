"""Whole runs of the built-in course, with the real sandbox and, where it says so, the real Keras."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.course import Course, builtin_folder, read_course
from grader.errors import InternalError, SubmissionError, UsageError
from grader.grading import GradingOptions, Session, grade_submission
from grader.grading.running import require_importable
from grader.language import Translator
from grader.records import CheckReport, Outcome, Report, SandboxLevel, Verdict
from tests.sandbox.processes import children_of

SOLUTIONS = builtin_folder() / "solutions"

COUNTS = '''
"""Exercise 3."""


def dense_parameter_count(inputs, units):
    return inputs * units + units


def model_parameter_count(layer_sizes):
    return sum(a * b + b for a, b in zip(layer_sizes, layer_sizes[1:]))


def layer_output_shapes(layer_sizes):
    return [(None, units) for units in layer_sizes[1:]]


def batches_per_epoch(samples, batch_size=32):
    return -(-samples // batch_size)
'''


@pytest.fixture(scope="module")
def course() -> Course:
    return read_course(builtin_folder())


@pytest.fixture(scope="module")
def session(course: Course) -> Iterator[Session]:
    with Session(course, GradingOptions(time_limit=2.0)) as session:
        yield session


def grade(session: Session, folder: Path, source: str, exercise: str = "exercise-3") -> Report:
    entry = session.course.exercise(exercise)
    file = folder / f"{entry.stem}.py"
    file.write_text(source, encoding="utf-8")
    return session.grade(entry, file)


def of(report: Report, function: str) -> list[CheckReport]:
    return [check for check in report.checks if check.function == function]


def outcomes(report: Report, function: str) -> set[Outcome]:
    return {check.outcome for check in of(report, function)}


@pytest.mark.slow
def test_a_right_submission_earns_everything(session: Session, tmp_path: Path) -> None:
    report = grade(session, tmp_path, COUNTS)
    assert report.verdict is Verdict.PASSED
    assert report.score is not None
    assert report.score.earned == report.score.possible == session.course.exercise("exercise-3").possible
    assert report.sandbox.level is SandboxLevel.FULL
    assert report.environment.tensorflow is None


def test_every_stub_earns_nothing_without_running_anything(course: Course) -> None:
    with Session(course, GradingOptions()) as session:
        for exercise in course.exercises:
            report = session.grade(exercise, exercise.stub)
            assert report.verdict is Verdict.NOT_ATTEMPTED
            assert report.score is not None
            assert report.score.earned == 0
            assert {check.outcome for check in report.checks} == {Outcome.NOT_RUN}


def test_a_syntax_error_is_graded_and_shown_at_its_line(session: Session, tmp_path: Path) -> None:
    report = grade(session, tmp_path, "def dense_parameter_count(inputs, units:\n    return 1\n")
    assert report.verdict is Verdict.FAILED
    assert "exercise_3.py, line 1" in report.notes[0]
    assert {check.location.line for check in report.checks if check.location} == {1}
    assert report.next_step == "Next: mend exercise_3.py, line 1, save, and grade again."


def test_a_mistake_is_shown_at_its_line_and_not_at_the_functions(session: Session, tmp_path: Path) -> None:
    report = grade(session, tmp_path, COUNTS.replace("    return inputs", "    x = 1\n      return inputs"))
    line = COUNTS.splitlines().index("    return inputs * units + units") + 2
    assert {check.location.line for check in report.checks if check.location} == {line}
    assert {check.source for check in report.checks} == {"return inputs * units + units"}
    assert report.next_step == f"Next: mend exercise_3.py, line {line}, save, and grade again."


def test_a_method_of_a_class_is_to_be_moved(session: Session, tmp_path: Path) -> None:
    report = grade(session, tmp_path, "class Mine:\n    def dense_parameter_count(self, a, b):\n        return 1\n")
    first = of(report, "dense_parameter_count")[0]
    assert first.outcome is Outcome.FAILED
    assert "Move its def to the left margin" in (first.message or "")
    assert report.verdict is Verdict.FAILED
    assert report.next_step is not None
    assert report.next_step.startswith("Next: move the def of dense_parameter_count to the left margin")


def test_a_misspelt_function_is_named(session: Session, tmp_path: Path) -> None:
    source = "def dense_parameters_count(inputs, units):\n    return inputs * units + units\n"
    report = grade(session, tmp_path, source)
    message = of(report, "dense_parameter_count")[0].message
    assert message is not None
    assert "dense_parameters_count" in message
    assert report.next_step is not None
    assert report.next_step.startswith("Next: rename dense_parameters_count to dense_parameter_count")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "outcome", "words"),
    [
        ("while True: pass", Outcome.TIMED_OUT, "longer than the limit"),
        ("import os; os._exit(0)", Outcome.FAILED, "exit code 0"),
        ("import ctypes; ctypes.string_at(0)", Outcome.FAILED, "crashed Python"),
        ("return 1 / 0", Outcome.FAILED, "ZeroDivisionError"),
        ("return bytearray(3 * 2**30)", Outcome.FAILED, "MemoryError"),
        ("print('x' * 200_000_000)", Outcome.FAILED, "printed more"),
        ("return list(range(3_000_000))", Outcome.FAILED, "too large"),
    ],
)
def test_a_broken_function_costs_only_itself(
    session: Session, tmp_path: Path, body: str, outcome: Outcome, words: str
) -> None:
    source = COUNTS.replace("return inputs * units + units", body)
    report = grade(session, tmp_path, source)
    assert outcome in outcomes(report, "dense_parameter_count")
    assert any(words in (check.message or "") for check in of(report, "dense_parameter_count"))
    for function in ("model_parameter_count", "layer_output_shapes", "batches_per_epoch"):
        assert outcomes(report, function) == {Outcome.PASSED}
    assert report.verdict is Verdict.PARTIAL


@pytest.mark.slow
def test_an_exception_at_the_top_is_told_first_and_what_stood_before_it_is_graded(
    session: Session, tmp_path: Path
) -> None:
    before, after = COUNTS.split("def layer_output_shapes")
    report = grade(session, tmp_path, f"{before}raise ValueError('half way')\n\n\ndef layer_output_shapes{after}")
    assert "ValueError: half way" in report.notes[0]
    assert {(check.hint, check.hints) for check in report.checks if "half way" in (check.message or "")} == {(None, ())}
    assert report.next_step is not None
    assert report.next_step.startswith("Next: mend exercise_3.py, line ")
    assert outcomes(report, "dense_parameter_count") == {Outcome.PASSED}
    assert outcomes(report, "layer_output_shapes") <= {Outcome.FAILED, Outcome.SKIPPED}


@pytest.mark.slow
def test_the_students_own_line_is_told(session: Session, tmp_path: Path) -> None:
    report = grade(session, tmp_path, COUNTS.replace("return inputs * units + units", "return helper(inputs)"))
    first = of(report, "dense_parameter_count")[0]
    assert first.location is not None
    assert first.source == "return helper(inputs)"
    assert first.location.line == COUNTS.splitlines().index("    return inputs * units + units") + 1


def test_a_missing_submission_is_told_in_one_line(session: Session, tmp_path: Path) -> None:
    with pytest.raises(SubmissionError) as caught:
        session.grade(session.course.exercise("exercise-3"), tmp_path / "nothing.py")
    assert "\n" not in str(caught.value)


def graded_alone(course: Course, exercise: str, path: Path) -> Report:
    return grade_submission(
        course, course.exercise(exercise), path, options=GradingOptions(), progress=lambda _text: None
    )


def test_a_file_for_another_exercise_is_told_apart(course: Course, tmp_path: Path) -> None:
    file = tmp_path / "exercise_2.py"
    file.write_text("def build_model():\n    return 1\n")
    with pytest.raises(UsageError, match=r"but those of exercise-2\. Try `grade exercise-2 .*exercise_2\.py`"):
        graded_alone(course, "exercise-3", file)


@pytest.mark.parametrize(
    "source", ["", "x = 1\n", "def batches_per_epochs(n): pass\ndef relu(z): pass\n", "def relu(:\n"]
)
def test_a_file_that_may_be_meant_for_the_exercise_is_graded(course: Course, tmp_path: Path, source: str) -> None:
    file = tmp_path / "exercise_3.py"
    file.write_text(source)
    assert graded_alone(course, "exercise-3", file).exercise == "exercise-3"


@pytest.mark.slow
@pytest.mark.parametrize(
    "body", ["while True: pass", "while True:\n    try:\n        while True: pass\n    except: pass"]
)
def test_code_at_the_top_that_does_not_end_is_told_with_the_limit(session: Session, tmp_path: Path, body: str) -> None:
    report = grade(session, tmp_path, COUNTS + body + "\n")
    told = "The code at the top of the file was still running after 2 seconds (the limit)."
    assert any(told in text for text in (*report.notes, *(check.message or "" for check in report.checks)))
    assert "StillRunning" not in str(report)


@pytest.mark.slow
def test_reports_are_written_in_korean(course: Course, tmp_path: Path) -> None:
    with Session(course, GradingOptions(language="ko")) as session:
        report = grade(session, tmp_path, COUNTS.replace("+ units", ""))
    assert report.language == "ko"
    assert report.title == course.exercise("exercise-3").title["ko"]


@pytest.mark.slow
def test_the_same_submission_has_the_same_report(session: Session, tmp_path: Path) -> None:
    source = COUNTS.replace("b + b", "b")
    first, second = (grade(session, tmp_path, source) for _ in range(2))
    assert [(check.id, check.outcome, check.message, check.observed) for check in first.checks] == [
        (check.id, check.outcome, check.message, check.observed) for check in second.checks
    ]


@pytest.mark.slow
def test_a_model_is_trained_once_and_remembered(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    exercise = course.exercise("exercise-2")
    told: list[str] = []
    with Session(course, GradingOptions(), lambda text: told.append(str(text))) as session:
        first = session.grade(exercise, SOLUTIONS / exercise.id)
        trainings = sum("Training" in text for text in told)
        second = session.grade(exercise, SOLUTIONS / exercise.id)
    assert first.verdict is Verdict.PASSED
    assert trainings == 1 == sum("Training" in text for text in told)
    assert first.metrics == second.metrics
    assert [metric.split for metric in first.metrics] == ["validation"]


def test_bytes_that_are_not_on_disk_are_graded_under_their_name(session: Session, tmp_path: Path) -> None:
    exercise = session.course.exercise("exercise-3")
    file = tmp_path / "not-there" / "exercise_3.py"
    report = session.grade(exercise, file, content=COUNTS.encode(), translator=Translator("ko"))
    assert report.verdict == Verdict.PASSED
    assert report.language == "ko"
    assert not file.parent.exists()


def test_bytes_without_a_name_are_the_callers_mistake(session: Session) -> None:
    with pytest.raises(ValueError, match="needs a path"):
        session.grade(session.course.exercise("exercise-3"), content=COUNTS.encode())


def test_bytes_that_are_not_on_disk_have_the_same_limit(session: Session, tmp_path: Path) -> None:
    content = COUNTS.encode() + b"#" * 50_000_000
    with pytest.raises(SubmissionError, match="larger than"):
        session.grade(session.course.exercise("exercise-3"), tmp_path / "exercise_3.py", content=content)


@pytest.mark.slow
def test_after_its_processes_have_ended_a_session_begins_others(course: Course, tmp_path: Path) -> None:
    others = set(children_of(os.getpid()))
    with Session(course, GradingOptions()) as session:
        assert grade(session, tmp_path, COUNTS).verdict is Verdict.PASSED
        for pid in set(children_of(os.getpid())) - others:
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(InternalError):
            grade(session, tmp_path, COUNTS)
        assert grade(session, tmp_path, COUNTS).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("failed", "told"),
    [
        ({"tensorflow": "ModuleNotFoundError: No module named 'tensorflow'"}, True),
        ({"keras": "ImportError: libsomething.so: cannot open"}, True),
        ({"pandas": "ImportError: libsomething.so: cannot open"}, True),
        ({"pandas": "ModuleNotFoundError: No module named 'pandas'"}, False),
        ({}, False),
    ],
)
def test_what_this_machine_cannot_import_is_no_students_fault(
    course: Course, failed: dict[str, str], *, told: bool
) -> None:
    expected = pytest.raises(UsageError, match="cannot be imported") if told else contextlib.nullcontext()
    with expected:
        require_importable(failed, course.exercise("exercise-2"))
