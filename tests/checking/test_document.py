"""The examples of docs/writing-checks.md are run as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import grader.checking
from grader.checking import run_checks
from grader.errors import StudentError
from grader.protocol.values import KerasValue
from tests.checking.contexts import FakeTrained, context

DOCUMENT = (Path(__file__).parents[2] / "docs" / "writing-checks.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)


class Rebuilt:
    def __init__(self, value: KerasValue) -> None:
        self.parameters = int(value.config.get("parameters", 79_510))

    def count_params(self) -> int:
        return self.parameters


def _read_table() -> None:
    raise StudentError("KeyError: 'age'", exception="KeyError", text="'age'")


FUNCTIONS: dict[str, Any] = {
    "build_model": lambda: KerasValue("model", {"class_name": "Sequential"}),
    "build_deep_model": lambda _units: KerasValue("model", {"class_name": "Sequential", "parameters": 297_710}),
    "build_classifier": lambda: KerasValue("model", {"class_name": "Sequential"}),
    "dense_parameter_count": lambda inputs, units: inputs * units,
    "relu": lambda z: np.maximum(0, z),
    "read_table": _read_table,
}


def _outcomes(folder: Path, example: str) -> dict[str, tuple[str, str]]:
    file = folder / "checks.py"
    file.write_text(example, "utf-8")
    trained = FakeTrained(test_accuracy=0.775)
    runs = run_checks(file, context(FUNCTIONS, rebuild=Rebuilt, train=lambda _model, **_settings: trained))
    return {run.id: (run.outcome.value, str(run.message)) for run in runs}


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 4


@pytest.mark.parametrize(
    ("number", "outcomes"),
    [
        (0, {"test_layers": "failed", "test_fresh": "skipped"}),
        (1, {"test_parameters": "passed"}),
        (2, {"test_count": "failed", "test_relu": "passed", "test_accuracy": "failed"}),
        (3, {"test_read": "failed"}),
    ],
)
def test_the_examples_run(tmp_path: Path, number: int, outcomes: dict[str, str]) -> None:
    assert {name: outcome for name, (outcome, _) in _outcomes(tmp_path, EXAMPLES[number]).items()} == outcomes


def test_the_examples_say_what_the_document_says(tmp_path: Path) -> None:
    assert _outcomes(tmp_path, EXAMPLES[2])["test_count"][1] == "The biases are left out."
    assert _outcomes(tmp_path, EXAMPLES[3])["test_read"][1] == "KeyError: 'age' — There is no column age."


def test_every_word_of_the_vocabulary_is_in_the_document() -> None:
    of_the_program = (
        "CheckContext CheckFailed CheckRun CheckRunner CheckSpec CompileSettings LayerSpec SourceFacts Student"
        " TrainedModel collect_checks diagnose_exception run_checks unasked_checks"
    )
    words = set(grader.checking.__all__) - set(of_the_program.split())
    assert {word for word in words if word not in DOCUMENT} == set()
