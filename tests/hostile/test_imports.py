"""What a submission names as an import is chosen from a table: nothing of its own is imported outside a subject."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.preloads import PRELOADED, preloads

ROOT = Path(__file__).resolve().parent.parent.parent
SOLUTION = (ROOT / "solutions" / "exercise-1" / "exercise_1.py").read_text("utf-8")
MAP = '[__import__("pathlib").Path({mark!r}).write_text("executed"), {{}}][1]\n'

NAMES = {
    # f2py evaluates the file after --f2cmap, and takes its arguments from wherever they are
    "a program in a package": ["numpy.f2py.__main__", "numpy.x --f2cmap {map} -m q z"],
    "a package that only a parser finds": ["pan' 'das.x --f2cmap {map} -m q z", "numpy.f2py.__main__"],
    "a program alone": ["numpy.f2py.__main__"],
    "thousands": [f"numpy.{'x' * 60}{number}" for number in range(3000)],
}


def submission(names: list[str], folder: Path) -> Path:
    """A right submission that names these imports and never makes them."""
    mark = folder / "mark"
    (folder / "map").write_text(MAP.format(mark=str(mark)), "utf-8")
    calls = "".join(f"    importlib.import_module('{name.format(map=folder / 'map')}')\n" for name in names)
    file = folder / "in" / "kim" / "exercise_1.py"
    file.parent.mkdir(parents=True)
    file.write_text(f"{SOLUTION}\n\ndef unused():\n    import importlib\n{calls}", "utf-8")
    return file


def grade(*arguments: str, folder: Path) -> Any:
    """What `grade` says as JSON."""
    command = [sys.executable, "-m", "grader", *arguments, "--format", "json", "--sandbox", "required"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="full confinement needs Linux")
@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_no_name_of_an_import_is_executed_outside_a_subject(names: list[str], tmp_path: Path) -> None:
    file = submission(names, tmp_path)
    assert grade("exercise-1", str(file), folder=tmp_path)["verdict"] == "passed"
    grade("batch", "in", "--out", "out", "--exercise", "exercise-1", folder=tmp_path)
    assert not (tmp_path / "mark").exists()


def test_only_modules_of_the_table_are_preloaded() -> None:
    names = {"numpy.f2py.__main__", "numpy.x --f2cmap map", "sklearn", "os", "pandas .x", "keras.src.applications"}
    known = {module for modules in PRELOADED.values() for module in modules}
    assert preloads(names) == ("keras", "numpy", "sklearn", "sklearn.model_selection", "tensorflow")
    assert set(preloads(names)) <= known
