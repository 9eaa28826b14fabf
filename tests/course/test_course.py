"""Reading a course: the right one, and every way in which a `course.toml` can be wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grader.course import Course, builtin_folder, find_course, in_language, read_course
from grader.errors import CourseError, UsageError
from grader.records import Limits

HEAD = """
format = "grade-course/1"
languages = ["en", "ko"]
title = { en = "A course", ko = "과정" }
"""
FIRST = """
[[exercises]]
id = "first-steps"
stem = "first_steps"
title = { en = "First steps", ko = "첫걸음" }
folder = "first"
checks = "checks/first.py"
points = 3
functions = { one = 1, two = 2 }
"""
SECOND = """
[[exercises]]
id = "second-steps"
stem = "second_steps"
title = { en = "Second steps", ko = "두 번째 걸음" }
folder = "second"
checks = "checks/second.py"
points = 1
functions = { three = 1 }
"""
DATASET = """
[dataset]
file = "images.npz"
sha256 = "{digits}"
[dataset.classes]
en = ["Coat", "Bag"]
""".replace("{digits}", "0" * 64)
FILES = (
    "first/first_steps.py",
    "first/README.md",
    "first/README.ko.md",
    "second/second_steps.py",
    "second/README.md",
    "second/README.ko.md",
    "checks/first.py",
    "checks/second.py",
)


def written(folder: Path, content: str) -> Path:
    """A course folder with all its files and this `course.toml`."""
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    (folder / "course.toml").write_text(content, encoding="utf-8")
    return folder


def problem(folder: Path) -> str:
    with pytest.raises(CourseError) as caught:
        read_course(folder)
    return str(caught.value)


def test_a_course_is_read_whole(tmp_path: Path) -> None:
    course = read_course(written(tmp_path, HEAD + FIRST + SECOND))
    assert course.folder == tmp_path.resolve()
    assert course.languages == ("en", "ko")
    assert [exercise.id for exercise in course.exercises] == ["first-steps", "second-steps"]
    first = course.exercise("first-steps")
    assert first.functions == ("one", "two")
    assert first.possible == 3
    assert first.stub == course.folder / "first" / "first_steps.py"
    assert first.checks == course.folder / "checks" / "first.py"
    assert first.tasks == {
        "en": course.folder / "first" / "README.md",
        "ko": course.folder / "first" / "README.ko.md",
    }
    assert course.dataset is None


def test_the_classes_of_a_data_set_have_names_in_each_language(tmp_path: Path) -> None:
    folder = written(tmp_path, HEAD + DATASET + 'ko = ["코트", "가방"]\n' + FIRST)
    (folder / "images.npz").touch()
    dataset = read_course(folder).dataset
    assert dataset is not None
    assert dataset.classes == {"en": ("Coat", "Bag"), "ko": ("코트", "가방")}


def test_the_file_itself_may_be_given(tmp_path: Path) -> None:
    folder = written(tmp_path, HEAD + FIRST)
    assert read_course(folder / "course.toml") == read_course(folder)


def test_text_in_a_language_that_is_missing_falls_back_to_the_first(tmp_path: Path) -> None:
    course = read_course(written(tmp_path, HEAD + FIRST))
    assert in_language(course.title, "ko") == "과정"
    assert in_language(course.title, "fr") == "A course"


def test_limits_of_an_exercise_go_before_those_of_the_course(tmp_path: Path) -> None:
    limits = "[limits]\ncall_seconds = 5\nopen_files = 64\n"
    own = "[exercises.limits]\ncall_seconds = 2.5\n"
    course = read_course(written(tmp_path, HEAD + limits + FIRST + own + SECOND))
    assert course.exercises[0].limits == Limits(call_seconds=2.5, open_files=64)
    assert course.exercises[1].limits == Limits(call_seconds=5, open_files=64)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param("title = ", "not valid TOML", id="no toml"),
        pytest.param("x = " + "[" * 5000, "not valid TOML", id="nested too deep"),
        pytest.param(HEAD, "exercises", id="no exercises"),
        pytest.param(HEAD.replace("/1", "/2") + FIRST, "format", id="another format"),
        pytest.param(HEAD + "colour = 1\n" + FIRST, "colour", id="unknown key"),
        pytest.param(HEAD + FIRST + "weight = 1\n", "weight", id="unknown key of an exercise"),
        pytest.param(HEAD + "[limits]\nseconds = 1\n" + FIRST, "seconds", id="unknown limit"),
        pytest.param(HEAD + "[limits]\ncall_seconds = inf\n" + FIRST, "call_seconds", id="limit without end"),
        pytest.param(HEAD + "[hints]\nafter = [-1]\n" + FIRST, "hints.after", id="negative number of runs"),
        pytest.param(HEAD + '[visibility]\nhidden = "all"\n' + FIRST, "visibility.hidden", id="unknown visibility"),
        pytest.param(
            HEAD + "[visibility]\nuntil = 2026-12-01T23:59:00\n" + FIRST, "visibility.until", id="time without a zone"
        ),
        pytest.param(HEAD + "[limits]\ncall_seconds = -1\n" + FIRST, "call_seconds", id="negative limit"),
        pytest.param(HEAD + FIRST.replace("points = 3", "points = 4"), "do not add up", id="sum"),
        pytest.param(HEAD + FIRST.replace("two = 2", "two = 0"), "functions", id="no points"),
        pytest.param(HEAD + FIRST.replace("two = 2", "two = true"), "functions", id="truth value"),
        pytest.param(HEAD + FIRST.replace("{ one = 1, two = 2 }", "{}"), "functions", id="no functions"),
        pytest.param(HEAD + FIRST + SECOND.replace("three", "one"), "one stands there twice", id="function twice"),
        pytest.param(HEAD + FIRST + FIRST, "first-steps stands there twice", id="exercise twice"),
        pytest.param(
            HEAD + FIRST + SECOND.replace("second_steps", "first_steps"),
            "first_steps stands there twice",
            id="stem twice",
        ),
        pytest.param(HEAD.replace('"en", "ko"', '"en", "en"') + FIRST, "en stands there twice", id="language twice"),
        pytest.param(HEAD + FIRST.replace(', ko = "첫걸음"', ""), "no text in ko", id="title untranslated"),
        pytest.param(HEAD.replace(', ko = "과정"', "") + FIRST, "no text in ko", id="course's title untranslated"),
        pytest.param(HEAD + DATASET + FIRST, "dataset.classes has no text in ko", id="classes untranslated"),
        pytest.param(HEAD + DATASET + 'ko = ["코트"]\n' + FIRST, "as many names", id="classes left out"),
        pytest.param(HEAD + FIRST.replace("first-steps", "all"), "cannot have the id all", id="reserved id"),
        pytest.param(HEAD + FIRST.replace("first-steps", "First Steps"), "id", id="id no shell would like"),
        pytest.param(HEAD + FIRST.replace("one = 1", "lambda = 1"), "a word of Python's own", id="keyword"),
        pytest.param(HEAD + FIRST.replace("one = 1", '"one()" = 1'), "functions", id="no identifier"),
        pytest.param(HEAD + FIRST.replace('"first"', '"../first"'), "leads out", id="folder above"),
        pytest.param(HEAD + FIRST.replace('"first"', '"/etc"'), "leads out", id="folder elsewhere"),
        pytest.param(HEAD + FIRST.replace('"checks/first.py"', '"checks/../../x.py"'), "leads out", id="checks above"),
        pytest.param(
            HEAD + FIRST.replace('"checks/first.py"', '"{package}/../x.py"'), "leads out", id="out of package"
        ),
        pytest.param(HEAD + FIRST.replace('"first"', '"fir\\u0000st"'), "leads out", id="null character"),
        pytest.param(HEAD + 'catalogs = ["../locale"]\n' + FIRST, "leads out", id="catalogs above"),
        pytest.param(
            HEAD + f'[dataset]\nfile = "/data.npz"\nsha256 = "{64 * "0"}"\n' + FIRST, "leads out", id="data elsewhere"
        ),
        pytest.param(HEAD + '[dataset]\nfile = "data.npz"\nsha256 = "0"\n' + FIRST, "sha256", id="no digest"),
    ],
)
def test_a_wrong_course_is_refused_with_the_file_and_the_reason(tmp_path: Path, content: str, words: str) -> None:
    said = problem(written(tmp_path, content))
    assert str(tmp_path / "course.toml") in said
    assert words in said
    assert "\n" not in said.strip()


@pytest.mark.parametrize("missing", FILES)
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    folder = written(tmp_path, HEAD + FIRST + SECOND)
    (folder / missing).unlink()
    assert f"{missing} is missing" in problem(folder)


def test_a_link_may_not_lead_out(tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.touch()
    folder = written(tmp_path / "course", HEAD + FIRST)
    (folder / "first" / "first_steps.py").unlink()
    (folder / "first" / "first_steps.py").symlink_to(outside)
    assert "leads out" in problem(folder)


def test_a_folder_without_a_course_says_what_to_give(tmp_path: Path) -> None:
    assert "has no course.toml" in problem(tmp_path)
    assert "has no course.toml" in problem(tmp_path / "nowhere")


def test_a_file_of_other_bytes_is_not_valid(tmp_path: Path) -> None:
    written(tmp_path, "").joinpath("course.toml").write_bytes(b"title = '\xff\xfe'")
    assert "not valid TOML" in problem(tmp_path)


def test_a_folder_in_the_place_of_the_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "course.toml").mkdir()
    assert "cannot be read" in problem(tmp_path)


def test_the_course_around_a_folder_is_found(tmp_path: Path) -> None:
    folder = written(tmp_path, HEAD + FIRST)
    assert find_course(folder / "first", None) == read_course(folder)
    assert find_course(folder, None) == read_course(folder)


def test_a_given_course_goes_before_the_one_around(tmp_path: Path) -> None:
    around, given = written(tmp_path / "around", HEAD + FIRST), written(tmp_path / "given", HEAD + SECOND)
    assert find_course(around, given) == read_course(given)


def test_without_any_course_the_built_in_one_is_used(tmp_path: Path) -> None:
    assert find_course(tmp_path, None) == read_course(builtin_folder())


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return read_course(written(tmp_path, HEAD + FIRST + SECOND))


@pytest.mark.parametrize(
    "said", ["frist-steps", "first_steps", "First-Steps", " first-steps", "exercises/first-steps", "./first-steps/"]
)
def test_an_almost_right_exercise_is_suggested(course: Course, said: str) -> None:
    with pytest.raises(UsageError, match="did you mean first-steps"):
        course.exercise(said)


@pytest.mark.parametrize("said", ["", "xyz", "../etc/passwd"])
def test_an_unknown_exercise_is_answered_with_the_known_ones(course: Course, said: str) -> None:
    with pytest.raises(UsageError, match="This course has first-steps, second-steps"):
        course.exercise(said)


@pytest.mark.slow
def test_reading_a_course_imports_nothing_heavy() -> None:
    code = "import sys, grader.course; print([name for name in ('numpy', 'pytest', 'keras') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_course_says_how_much_is_shown_and_helped(tmp_path: Path) -> None:
    content = (
        HEAD
        + '[hints]\nafter = [1, 2, 4]\n[visibility]\nhidden = "outcome"\nuntil = 2026-12-01T23:59:00+09:00\n'
        + FIRST
    )
    course = read_course(written(tmp_path, content))
    assert course.hints_after == (1, 2, 4)
    assert course.showing.hidden == "outcome"
    assert course.showing.until is not None
    assert course.showing.until.isoformat() == "2026-12-01T23:59:00+09:00"
