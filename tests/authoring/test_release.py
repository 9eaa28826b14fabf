from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from grader.authoring import new_course, packed, release
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


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


SOLVED = "return ((points - query) ** 2).sum(axis=1)"
STUB = "exercises/distances/distances.py"


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("exercises/distances/README.md", "", f"\n    {SOLVED}\n"),
        ("exercises/distances/README.ko.md", "", f"\nHint: write `{SOLVED}` there.\n"),
        ("exercises/distances/README.md", "", f"\n- `{SOLVED}`\n"),
        (STUB, "    raise NotImplementedError", f"    # {SOLVED}\n    raise NotImplementedError"),
        (STUB, "    raise NotImplementedError", f"    # {SOLVED}  # as in the solution\n    raise NotImplementedError"),
        (STUB, "    raise NotImplementedError", f"    raise NotImplementedError\n    {SOLVED}"),
        ("exercises/distances/notes.txt", "", f">>> {SOLVED}\n"),
        ("exercises/distances/picture.svg", "", f"<svg><!-- {SOLVED} --></svg>"),
        ("exercises/distances/README.md", "", "\nThe check is `def test_squared_distances_values(student, rng)`.\n"),
        ("exercises/distances/README.md", "", "\n# fails: test_squared_distances_values\n"),
    ],
)
def test_a_hidden_line_is_found_wherever_it_stands_and_nothing_is_written(
    copied: Path, tmp_path: Path, file: str, before: str, after: str
) -> None:
    path = copied / file
    text = path.read_text("utf-8") if path.exists() else ""
    assert before in text
    path.write_text(text.replace(before, after, 1) if before else text + after, "utf-8")
    with pytest.raises(CourseError, match=r"\.py, line \d+, would stand in "):
        release(read_course(copied), tmp_path / "out", ENGLISH)
    assert not (tmp_path / "out").exists()


def test_a_line_of_the_solution_in_the_docstring_that_both_have_is_found(copied: Path, tmp_path: Path) -> None:
    for file in (STUB, "solutions/distances/distances.py"):
        path = copied / file
        text = path.read_text("utf-8")
        path.write_text(text.replace('    """', f'    """Write\n    {SOLVED}\n    ', 1), "utf-8")
    with pytest.raises(CourseError, match=r"would stand in exercises/distances/distances\.py"):
        release(read_course(copied), tmp_path / "out", ENGLISH)


def test_pictures_of_a_task_are_released_and_code_beside_a_stub_is_not(copied: Path, tmp_path: Path) -> None:
    folder = copied / "exercises" / "distances"
    for name in ("images/points.svg", "solved.py", "__pycache__/distances.cpython-311.pyc", ".ipynb_checkpoints/a.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("text")
    released = release(read_course(copied), tmp_path / "out", ENGLISH)
    beside = [name for name in released.files if name.startswith("exercises/distances/") and "distances." not in name]
    assert beside == [
        "exercises/distances/README.ko.md",
        "exercises/distances/README.md",
        "exercises/distances/images/points.svg",
    ]


def test_the_history_is_not_packed(copied: Path) -> None:
    (copied / "checks" / ".git").mkdir()
    (copied / "checks" / ".git" / "HEAD").write_text("ref: refs/heads/main")
    with zipfile.ZipFile(io.BytesIO(packed(read_course(copied)))) as archive:
        assert not any(".git" in name for name in archive.namelist())


def test_the_built_in_course_is_released_without_its_checks_which_are_in_the_package(tmp_path: Path) -> None:
    course = read_course(builtin_folder())
    released = release(course, tmp_path / "out", ENGLISH)
    assert released.lines > 1000
    assert not [name for name in released.files if "wrong" in name or "solutions" in name or "checks" in name]
    assert "course.toml" not in released.files  # so that the folder is graded with the package's course
    assert "`grade exercise-1`" in (tmp_path / "out" / "README.md").read_text("utf-8")
    with pytest.raises(CourseError, match="in the grader's package already"):
        packed(course)


def test_commands_and_cells_that_grade_are_those_of_exercises_with_public_checks(copied: Path, tmp_path: Path) -> None:
    checks = copied / "checks" / "test_distances.py"
    checks.write_text(checks.read_text("utf-8").replace('visibility="public"', 'visibility="hidden"'), "utf-8")
    out = tmp_path / "out"
    release(read_course(copied), out, ENGLISH)
    readme = (out / "README.md").read_text("utf-8")
    assert "`grade classify` checks your file" in readme
    assert "Checked only where you hand it in: distances." in readme
    assert "%grade classify --lang en" in (out / "notebooks/en/chapter.ipynb").read_text("utf-8")
    assert "%grade distances --lang en" not in (out / "notebooks/en/chapter.ipynb").read_text("utf-8")
    assert [exercise.id for exercise in read_course(out).exercises] == ["classify"]


def test_without_a_public_check_no_command_is_promised(tmp_path: Path) -> None:
    course = new_course(tmp_path / "course")
    released = release(course, tmp_path / "out", ENGLISH)
    assert released.public_checks == 0
    assert "grade" not in (tmp_path / "out" / "README.md").read_text("utf-8")


def test_public_checks_that_give_no_points_make_a_course_that_can_be_read(copied: Path, tmp_path: Path) -> None:
    checks = copied / "checks" / "test_distances.py"
    text = checks.read_text("utf-8")
    checks.write_text(re.sub(r"points=[\d.]+", "points=0", text), "utf-8")
    release(read_course(copied), tmp_path / "out", ENGLISH)
    assert read_course(tmp_path / "out").exercise("distances").points == {"nearest": 1.0}


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
