from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.files import ROOT

_SUBJECTS_OWN = {
    "grader",
    "grader.errors",
    "grader.language",
    "grader.protocol",
    "grader.records",
    "grader.sandbox",
    "grader.sandbox.subject",
}


@pytest.mark.slow
def test_rooms_import_only_from_rooms_below() -> None:
    # In a process of its own, since it sets up logging anew and closes every stream that had a handler.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    linted = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout


def _loaded_by(*modules: str) -> set[str]:
    """The modules that a fresh interpreter holds after importing `modules`."""
    code = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    return set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.slow
def test_the_subject_loads_nothing_of_the_grader_but_the_protocol() -> None:
    ours = {name for name in _loaded_by("grader.sandbox.subject") if name.split(".")[0] == "grader"}
    assert {
        name for name in ours if name.rpartition(".")[0] not in {"grader.protocol", "grader.language"}
    } <= _SUBJECTS_OWN


@pytest.mark.slow
def test_the_command_line_waits_for_nothing_that_it_may_not_need() -> None:
    heavy = {"keras", "nbformat", "numpy", "pytest", "rich", "scipy", "sklearn", "tensorflow"}
    assert _loaded_by("grader.__main__", "grader.cli") & heavy == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "room", ["checking", "course", "grading", "report", "sandbox.launcher", "submission", "training"]
)
def test_no_room_waits_for_tensorflow_when_it_is_imported(room: str) -> None:
    assert _loaded_by(f"grader.{room}") & {"keras", "sklearn", "tensorflow"} == set()
