"""`grade init`: a copy of one's own, and never at the cost of what is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course import find_course
from tests.cli.conftest import Ended, FakeGrader

Grade = Callable[..., Ended]


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_copies_stubs_and_tasks(grade: Grade, folder: Path) -> None:
    ended = grade("init", "mine")
    assert ended.code == 0
    course = find_course(folder, None)
    wanted = {"README.md"}
    for exercise in course.exercises:
        names = {exercise.stub.name, *(task.name for task in exercise.tasks.values())}
        wanted |= {f"exercises/{exercise.id}/{name}" for name in names}
    assert files_in(folder / "mine") == wanted
    assert f"Files copied to mine: {len(wanted)}." in ended.out
    stub = course.exercises[0].stub
    assert (folder / "mine/exercises/exercise-1" / stub.name).read_bytes() == stub.read_bytes()


def test_the_copy_is_graded_from_its_folder(
    grade: Grade, folder: Path, grader_of_nothing: FakeGrader, monkeypatch: pytest.MonkeyPatch
) -> None:
    grade("init", "mine")
    monkeypatch.chdir(folder / "mine")
    assert grade("exercise-1").code == 0
    assert grader_of_nothing.asked == [("exercise-1", None)]
    assert "functions written: 0 of 4" in grade("list").out


def test_nothing_is_overwritten_and_nothing_copied(grade: Grade, folder: Path) -> None:
    mine = folder / "mine/exercises/exercise-2/exercise_2.py"
    mine.parent.mkdir(parents=True)
    mine.write_text("my work")
    ended = grade("init", "mine")
    assert ended.code == 2
    assert "mine has exercises/exercise-2/exercise_2.py already, and nothing was copied" in ended.err
    assert files_in(folder) == {"mine/exercises/exercise-2/exercise_2.py"}
    assert mine.read_text() == "my work"


def test_what_is_missing_can_be_added(grade: Grade, folder: Path) -> None:
    grade("init", "mine")
    (folder / "mine/exercises/exercise-2/exercise_2.py").write_text("my work")
    (folder / "mine/exercises/exercise-3/exercise_3.py").unlink()
    (folder / "mine/README.md").unlink()
    assert "1" in grade("init", "mine", "--missing").out
    assert (folder / "mine/exercises/exercise-2/exercise_2.py").read_text() == "my work"
    assert (folder / "mine/exercises/exercise-3/exercise_3.py").exists()


def test_a_dangling_link_is_in_the_way(grade: Grade, folder: Path) -> None:
    (folder / "README.md").symlink_to(folder / "elsewhere")
    assert grade("init", ".").code == 2
    assert not (folder / "elsewhere").exists()


def test_many_files_in_the_way_are_counted(grade: Grade) -> None:
    grade("init", ".")
    assert "and 16 more already" in grade("init", ".").err


def test_a_folder_that_is_a_file_is_refused(grade: Grade, folder: Path) -> None:
    (folder / "mine").write_text("")
    ended = grade("init", "mine")
    assert ended.code == 2
    assert "mine cannot be written: a part of the path is not a folder" in ended.err
