"""The peers: how each is installed, given the same submissions and checks, run, and read."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from peer_checks import CHECKS
from timing import Times, measure

HERE: Final = Path(__file__).resolve().parent
_COMMON: Final = ("tensorflow==2.21.0", "keras==3.15.1", "scikit-learn==1.9.1")
_ANY: Final = frozenset(range(256))
_NAMES: Final = "from peer_checks import CHECKS"


@dataclass(frozen=True)
class Tool:
    """A peer. `prepare` makes its files in a folder; `run` grades the submissions there and says which passed all."""

    name: str
    packages: tuple[str, ...]
    prepare: Callable[[Path, str, list[str], Path], None]
    run: Callable[[Path, str, list[str], Path], tuple[Times, list[bool]]]


def install(tool: Tool, environments: Path) -> Path:
    """The folder of the programs of the tool's own environment, which is made where it is not there."""
    return _made(environments / tool.name, *tool.packages, *_COMMON)


def install_grader(environments: Path) -> Path:
    """The folder of the programs of the grader's own environment: what the README installs, and this working tree."""
    programs = _made(environments / "grade", "--require-hashes", "-r", str(HERE.parent / "requirements" / "run.txt"))
    _pip_install(programs, "--no-deps", "--force-reinstall", str(HERE.parent))
    return programs


def _made(home: Path, *wanted: str) -> Path:
    """The folder of the programs of an environment with what is `wanted`, made unless it is complete."""
    programs, marker = home / "bin", home / "complete"
    if not marker.exists():
        print(f"installing {home.name}", file=sys.stderr, flush=True)
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        _pip_install(programs, *wanted)
        marker.touch()
    return programs


def _pip_install(programs: Path, *wanted: str) -> None:
    subprocess.run([str(programs / "pip"), "install", "-q", *wanted], check=True)


def environment(programs: Path, folder: Path) -> Mapping[str, str]:
    """The environment of a peer's processes: its own programs first, and a home of its own."""
    return {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "PYTHONPATH": str(folder),
        "JUPYTER_PLATFORM_DIRS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def _stem(exercise: str) -> str:
    return exercise.replace("-", "_")


def _checks_beside(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "peer_checks.py", folder)
    images = folder.parent / "images.npz"
    if images.exists() and not (folder / "images.npz").exists():
        shutil.copy(images, folder)


def _total(times: list[Times]) -> Times:
    return Times(sum(one.wall for one in times), sum(one.cpu for one in times))


# A shell loop over pytest ---------------------------------------------------------------------------------------------


def _prepare_pytest(folder: Path, exercise: str, texts: list[str], _programs: Path) -> None:
    _checks_beside(folder)
    for number, text in enumerate(texts):
        own = folder / f"s{number:04}"
        own.mkdir(exist_ok=True)
        (own / f"{_stem(exercise)}.py").write_text(text, "utf-8")
        (own / "test_submission.py").write_text(
            f"import pytest\nimport {_stem(exercise)}\n{_NAMES}\n\n\n"
            f"@pytest.mark.parametrize('check', CHECKS[{exercise!r}], ids=lambda check: check.__name__)\n"
            f"def test_check(check):\n    check(vars({_stem(exercise)}))\n",
            "utf-8",
        )


def _run_pytest(folder: Path, _exercise: str, texts: list[str], programs: Path) -> tuple[Times, list[bool]]:
    loop = 'for d in s*; do (cd "$d" && python -m pytest -q -p no:cacheprovider >log 2>&1; echo $? >code); done'
    times = measure(["sh", "-c", loop], environment(programs, folder), folder)
    passed = [(folder / f"s{number:04}" / "code").read_text().strip() == "0" for number in range(len(texts))]
    return times, passed


# check50 --------------------------------------------------------------------------------------------------------------


def _prepare_check50(folder: Path, exercise: str, texts: list[str], _programs: Path) -> None:
    _checks_beside(folder)
    checks = folder / "checks"
    checks.mkdir(exist_ok=True)
    (checks / ".cs50.yaml").write_text("check50: true\n", "utf-8")
    # One check for everything: each further one would import TensorFlow anew, in a process of its own.
    (checks / "__init__.py").write_text(
        "import importlib.util\n\nimport check50\n\n\n@check50.check(timeout=300)\ndef works():\n"
        '    """it works"""\n'
        f"    {_NAMES}\n\n"
        f"    spec = importlib.util.spec_from_file_location('submission', '{_stem(exercise)}.py')\n"
        "    module = importlib.util.module_from_spec(spec)\n    spec.loader.exec_module(module)\n"
        f"    failed = []\n    for check in CHECKS[{exercise!r}]:\n"
        "        try:\n            check(vars(module))\n"
        "        except Exception:\n            failed.append(check.__name__)\n"
        "    if failed:\n        raise check50.Failure(', '.join(failed))\n",
        "utf-8",
    )
    for number, text in enumerate(texts):
        own = folder / f"s{number:04}"
        own.mkdir(exist_ok=True)
        (own / f"{_stem(exercise)}.py").write_text(text, "utf-8")


def _run_check50(folder: Path, _exercise: str, texts: list[str], programs: Path) -> tuple[Times, list[bool]]:
    loop = f'for d in s*; do (cd "$d" && check50 --dev "{folder}/checks" -o json >result.json 2>log); done'
    times = measure(["sh", "-c", loop], environment(programs, folder), folder)
    passed = []
    for number in range(len(texts)):
        results = json.loads((folder / f"s{number:04}" / "result.json").read_text("utf-8"))["results"]
        passed.append(all(result["passed"] for result in results))
    return times, passed


# nbgrader -------------------------------------------------------------------------------------------------------------

_NOTEBOOKS: Final = """
import json, sys
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

exercise, names, texts, folder = json.load(sys.stdin)


def cell(source, grade_id, points=None):
    own = {"schema_version": 3, "grade_id": grade_id, "grade": points is not None, "solution": points is None,
           "locked": points is not None, "task": False}
    return new_code_cell(source, metadata={"nbgrader": own if points is None else {**own, "points": points}})


def notebook(text):
    made = new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    made.cells = [cell(text, "code")]
    for name in names:
        source = f"import sys\\nsys.path.insert(0, {folder!r})\\nimport peer_checks\\npeer_checks.{name}(globals())"
        made.cells.append(cell(source, name, 1))
    return made


import pathlib
for place, text in [("source", "### BEGIN SOLUTION\\n" + texts[0] + "\\n### END SOLUTION"),
                    *((f"submitted/s{n:04}", text) for n, text in enumerate(texts))]:
    own = pathlib.Path(folder, place, exercise)
    own.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook(text), own / f"{exercise}.ipynb")
"""


def _prepare_nbgrader(folder: Path, exercise: str, texts: list[str], programs: Path) -> None:
    _checks_beside(folder)
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'course'\nc.ExecutePreprocessor.timeout = 300\n", "utf-8"
    )
    order = json.dumps([exercise, [check.__name__ for check in CHECKS[exercise]], texts, str(folder)])
    subprocess.run([str(programs / "python"), "-c", _NOTEBOOKS], input=order, text=True, check=True)
    command = [str(programs / "nbgrader"), "generate_assignment", exercise, "--force"]
    subprocess.run(command, cwd=folder, env=environment(programs, folder), check=True, capture_output=True)


def _run_nbgrader(folder: Path, exercise: str, texts: list[str], programs: Path) -> tuple[Times, list[bool]]:
    own = environment(programs, folder)
    times = measure([str(programs / "nbgrader"), "autograde", exercise, "--force"], own, folder)
    subprocess.run([str(programs / "nbgrader"), "export"], cwd=folder, env=own, check=True, capture_output=True)
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    return times, [float(rows[f"s{number:04}"]["score"]) == len(CHECKS[exercise]) for number in range(len(texts))]


# otter-grader ---------------------------------------------------------------------------------------------------------


def _prepare_otter(folder: Path, exercise: str, texts: list[str], programs: Path) -> None:
    _checks_beside(folder)
    tests = folder / "tests"
    tests.mkdir(exist_ok=True)
    for check in CHECKS[exercise]:
        (tests / f"{check.__name__}.py").write_text(
            "OK_FORMAT = False\n\nfrom otter.test_files import test_case\n\n"
            f"name = {check.__name__!r}\npoints = 1\n\n\n@test_case(points=1)\ndef test_it(env):\n"
            f"    import sys\n    sys.path.insert(0, {str(folder)!r})\n    import peer_checks\n"
            f"    peer_checks.{check.__name__}(env)\n",
            "utf-8",
        )
    command = [str(programs / "otter"), "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"]
    subprocess.run(command, cwd=folder, env=environment(programs, folder), check=True, capture_output=True)
    with zipfile.ZipFile(folder / "autograder.zip") as archive:
        assert any(name.startswith("tests/") or "/tests/" in name for name in archive.namelist())
    for number, text in enumerate(texts):
        own = folder / f"s{number:04}"
        own.mkdir(exist_ok=True)
        (own / f"{_stem(exercise)}.py").write_text(text, "utf-8")


def _run_otter(folder: Path, exercise: str, texts: list[str], programs: Path) -> tuple[Times, list[bool]]:
    loop = f'for d in s*; do (cd "$d" && otter run -a ../autograder.zip {_stem(exercise)}.py >log 2>&1); done'
    times = measure(["sh", "-c", loop], environment(programs, folder), folder, _ANY)
    passed = []
    for number in range(len(texts)):
        tests = json.loads((folder / f"s{number:04}" / "results.json").read_text("utf-8"))["tests"]
        scored = [test for test in tests if "score" in test]
        passed.append(bool(scored) and all(test["score"] == test["max_score"] for test in scored))
    return times, passed


TOOLS: Final = (
    Tool("pytest", ("pytest==9.2.0",), _prepare_pytest, _run_pytest),
    Tool("check50", ("check50==3.5.0",), _prepare_check50, _run_check50),
    Tool("nbgrader", ("nbgrader==0.9.6", "ipykernel"), _prepare_nbgrader, _run_nbgrader),
    Tool("otter", ("otter-grader==7.0.0", "ipykernel"), _prepare_otter, _run_otter),
)
