from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.project.files import PACKAGE, ROOT, name_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What a wheel of this project holds."""
    folder: Path = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, capture_output=True, check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_a_wheel_holds_the_whole_package(names: set[str]) -> None:
    files = {name_of(path) for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert files - names == set()


def test_a_wheel_holds_the_built_in_course(names: set[str]) -> None:
    course = {name_of(path) for path in (ROOT / "exercises").rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert {f"grader/course_files/{name}" for name in {"course.toml", *course}} <= names


def test_a_wheel_holds_what_grading_needs_besides_code(names: set[str]) -> None:
    assert {
        "grader/py.typed",
        "grader/data/fashion_mnist.npz",
        "grader/locale/ko/LC_MESSAGES/grader.mo",
        "grader/checks/test_exercise_1.py",
    } <= names


def test_a_wheel_holds_no_solution_and_no_test(names: set[str]) -> None:
    rooms = {name.split("/")[0] for name in names}
    assert {room for room in rooms if not room.endswith(".dist-info")} == {"grader"}
    assert [name for name in names if "solutions" in name.split("/") or name.startswith("tests/")] == []


def test_a_wheel_carries_its_licences(names: set[str]) -> None:
    licences = {name.partition("/licenses/")[2] for name in names if "/licenses/" in name}
    assert licences == {"LICENSE", "grader/data/LICENSE-fashion-mnist"}
