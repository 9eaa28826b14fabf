from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from grader.authoring import packed, release
from grader.authoring.public_checks import public_part
from grader.checking import collect_checks
from grader.course import Course, builtin_folder, read_course
from grader.errors import CourseError, UsageError
from grader.language import PROGRAM_CATALOGS, Translator
from grader.records import Visibility
from tests.project.files import ROOT

ENGLISH = Translator.english()
EXAMPLE = ROOT / "examples" / "neighbours"


@pytest.fixture
def course() -> Course:
    return read_course(EXAMPLE)


def everything(folder: Path) -> str:
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


def test_students_get_stubs_tasks_notebooks_and_public_checks(course: Course, tmp_path: Path) -> None:
    released = release(course, tmp_path / "out", ENGLISH, workflow="name: Grade\n")
    assert set(released.files) == {
        "README.md",
        "course.toml",
        ".github/workflows/exercises.yml",
        "checks/test_classify.py",
        "checks/test_distances.py",
        "locale/ko/LC_MESSAGES/checks.mo",
        *(
            f"exercises/{name}/{file}"
            for name in ("classify", "distances")
            for file in ("README.md", "README.ko.md", f"{name}.py")
        ),
        *(
            f"notebooks/{language}/{name}.ipynb"
            for language in ("en", "ko")
            for name in ("classify", "distances", "chapter")
        ),
    }
    assert released.lines > 50
    text = everything(tmp_path / "out")
    for words in ("n_neighbors=3", "test_squared_distances_values", "argmin()) + ", "# fails:"):
        assert words not in text


def test_what_is_released_is_a_course_of_the_public_checks(course: Course, tmp_path: Path) -> None:
    release(course, tmp_path / "out", ENGLISH)
    public = read_course(tmp_path / "out")
    assert [exercise.id for exercise in public.exercises] == ["distances", "classify"]
    checks = [check for exercise in public.exercises for check in collect_checks(exercise.checks)]
    assert [check.id for check in checks] == ["test_nearest", "test_majority"]
    assert {check.visibility for check in checks} == {Visibility.PUBLIC}
    korean = Translator("ko", (PROGRAM_CATALOGS, *public.catalogs))
    assert korean.render(checks[0].title) == "nearest는 가장 가까운 점을 찾습니다"


def test_a_line_of_the_solution_in_a_task_is_found_and_nothing_is_written(tmp_path: Path) -> None:
    copied = tmp_path / "course"
    for path in EXAMPLE.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            target = copied / path.relative_to(EXAMPLE)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    task = copied / "exercises/distances/README.md"
    task.write_text(task.read_text("utf-8") + "\n    return ((points - query) ** 2).sum(axis=1)\n", "utf-8")
    with pytest.raises(CourseError, match=r"distances\.py, line \d+, would stand in exercises/distances/README\.md"):
        release(read_course(copied), tmp_path / "out", ENGLISH)
    assert not (tmp_path / "out").exists()


def test_the_built_in_course_can_be_released(tmp_path: Path) -> None:
    released = release(read_course(builtin_folder()), tmp_path / "out", ENGLISH)
    assert released.lines > 1000
    assert not any("wrong" in name or "solutions" in name for name in released.files)


def test_a_folder_that_holds_something_is_left_alone(course: Course, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        release(course, tmp_path, ENGLISH)


def test_the_pack_for_the_machine_that_grades_has_every_check_and_no_solution(course: Course, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(packed(course))) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path)
    assert {"course.toml", "checks/test_distances.py", "locale/ko/LC_MESSAGES/checks.mo"} <= names
    assert not any(name.startswith(("solutions/", "checks/wrong/")) for name in names)
    assert [exercise.id for exercise in read_course(tmp_path).exercises] == ["distances", "classify"]


def test_the_public_part_keeps_what_public_checks_use_and_nothing_else() -> None:
    checks = collect_checks(EXAMPLE / "checks" / "test_distances.py")
    text = public_part((EXAMPLE / "checks" / "test_distances.py").read_text("utf-8"), checks)
    assert text is not None
    assert "def draw(rng)" in text
    assert "expect_unchanged" not in text
    assert text.count("def test_") == 1


def test_without_a_public_check_there_is_no_public_part() -> None:
    checks = [check for check in collect_checks(EXAMPLE / "checks" / "test_distances.py") if check.id != "test_nearest"]
    assert public_part("", checks) is None
