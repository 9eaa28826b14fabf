"""Reports to render: one of each kind that a student meets."""

from __future__ import annotations

import pytest

from grader.records import (
    CheckReport,
    Environment,
    Location,
    Metric,
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

EXPECTED_TABLE = """layer   output shape  parameters
Dense   (None, 100)       78,500
Dense   (None, 10)         1,010"""
OBSERVED_TABLE = """layer   output shape  parameters
Dense   (None, 100)       78,500
Dense   (None, 1)            101"""


def make_check(function: str, title: str, outcome: Outcome = Outcome.PASSED, **fields: object) -> CheckReport:
    """A check's report; whatever is not given is empty."""
    possible = fields.pop("possible", 1.0)
    assert isinstance(possible, float)
    known: dict[str, object] = {
        "id": f"{function}: {title}",
        "function": function,
        "title": title,
        "visibility": Visibility.HIDDEN,
        "outcome": outcome,
        "points": Points(earned=possible if outcome is Outcome.PASSED else 0.0, possible=possible),
        "message": None,
        "expected": None,
        "observed": None,
        "hint": None,
        "location": None,
        "seconds": 0.01,
    }
    return CheckReport(**(known | fields))  # type: ignore[arg-type]


def make_report(*checks: CheckReport, verdict: Verdict = Verdict.PARTIAL, **fields: object) -> Report:
    """A report on `checks`; whatever is not given is that of a usual run."""
    score = Score(
        earned=sum(check.points.earned for check in checks),
        possible=sum(check.points.possible for check in checks),
    )
    known: dict[str, object] = {
        "exercise": "exercise-2",
        "title": "The two-layer model",
        "language": "en",
        "submission": SubmissionFacts(path="exercises/exercise-2/exercise_2.py", sha256="ab" * 32),
        "verdict": verdict,
        "score": score,
        "checks": checks,
        "next_step": None,
        "notes": (),
        "metrics": (),
        "sandbox": SandboxFacts(level=SandboxLevel.FULL, layers=("namespaces", "Landlock", "seccomp", "limits")),
        "usage": Usage(wall_seconds=1.2, cpu_seconds=1.0, peak_memory_bytes=200 * 2**20),
        "environment": Environment(grader="0.1.0", python="3.11.9", tensorflow="2.21.0", keras="3.15.1"),
        "seconds": 2.4,
    }
    return Report(**(known | fields))  # type: ignore[arg-type]


@pytest.fixture
def partial_report() -> Report:
    """The usual run: two functions right, the third with a wrong output layer."""
    return make_report(
        make_check("build_hidden_layer", "It returns a Dense layer"),
        make_check("build_hidden_layer", "It has 100 units"),
        make_check("build_hidden_layer", "Its activation is sigmoid"),
        make_check("build_output_layer", "It returns a Dense layer"),
        make_check("build_output_layer", "Its activation is softmax"),
        make_check("build_model", "It returns a Sequential model"),
        make_check(
            "build_model",
            "The output layer has one unit for each class",
            Outcome.FAILED,
            possible=2.0,
            message="build_model must end with 10 outputs, one for each class.",
            expected=EXPECTED_TABLE,
            observed=OBSERVED_TABLE,
            hint="Look at the units of your last Dense layer.",
            location=Location(file="exercise_2.py", line=18),
            source='keras.layers.Dense(1, activation="softmax"),',
        ),
        make_check(
            "build_model",
            "It learns to tell the classes apart",
            Outcome.SKIPPED,
            possible=3.0,
            message='Not run, because "The output layer has one unit for each class" has not passed.',
        ),
        next_step="Next: change build_model, save, and grade again.",
        notes=("Keras warned: Do not pass an `input_shape` argument to a layer.",),
        metrics=(Metric(name="accuracy", split="validation", value=0.8491, threshold=0.8),),
    )


@pytest.fixture
def passed_report() -> Report:
    """Everything is right."""
    return make_report(
        make_check("relu", "Positive numbers stay as they are"),
        make_check("relu", "Negative numbers become zero"),
        make_check("build_relu_model", "It starts with Flatten"),
        verdict=Verdict.PASSED,
    )


@pytest.fixture
def unwritten_report() -> Report:
    """A stub as it was handed out."""
    functions = ("dense_parameter_count", "model_parameter_count", "layer_output_shapes", "batches_per_epoch")
    return make_report(
        *(
            make_check(
                function,
                title,
                Outcome.NOT_RUN,
                message=f"{function} is not written yet.",
                hint="Replace its `raise NotImplementedError` by your own lines.",
                location=Location(file="exercise_2.py", line=10 + index),
            )
            for index, function in enumerate(functions)
            for title in ("It takes the chapter's sizes", "It takes other sizes", "It returns an int")
        ),
        verdict=Verdict.NOT_ATTEMPTED,
        next_step="Next: write dense_parameter_count, save, and grade again.",
    )


@pytest.fixture
def ungraded_report() -> Report:
    """The grader itself failed."""
    check = make_check("relu", "It learns", Outcome.ERRORED, message="The trainer ended by itself.")
    return make_report(check, verdict=Verdict.UNGRADED, score=None)
