from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from grader.authoring import new_course, new_exercise, update_catalogs
from grader.authoring.catalogs import compiled, read_catalog, sentences
from grader.checking import collect_checks
from grader.course import Course, read_course
from grader.errors import UsageError
from grader.grading import GradingOptions, Session
from grader.records import Outcome, Verdict


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return new_course(tmp_path / "mine")


def test_a_new_course_is_a_course_in_both_languages(course: Course) -> None:
    assert course.languages == ("en", "ko")
    exercise = course.exercise("exercise-1")
    assert sum(check.points for check in collect_checks(exercise.checks)) == exercise.possible
    assert {path.name for path in exercise.tasks.values()} == {"README.md", "README.ko.md"}


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        new_course(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_second_exercise_asks_for_a_function_of_its_own(course: Course) -> None:
    more = new_exercise(course, "exercise-2")
    assert [exercise.id for exercise in more.exercises] == ["exercise-1", "exercise-2"]
    with pytest.raises(UsageError, match="exercise-2"):
        new_exercise(more, "exercise-2")


def test_an_exercise_that_cannot_be_added_leaves_nothing_behind(course: Course) -> None:
    before = {path: path.read_bytes() for path in course.folder.rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match="add_up"):
        new_exercise(course, "exercise-2", "add_up")
    assert {path: path.read_bytes() for path in course.folder.rglob("*") if path.is_file()} == before


def test_catalogs_follow_the_checks_and_keep_what_was_translated(course: Course) -> None:
    checks = course.exercise("exercise-1").checks
    checks.write_text(checks.read_text("utf-8").replace("The sum of the numbers is right", "It adds up"), "utf-8")
    (facts,) = update_catalogs(course)
    assert facts.missing == ("It adds up",)
    known = read_catalog(facts.file.read_text("utf-8"))
    assert "The sum of the numbers is right" not in known
    assert known["Start at 0 and add each number."].startswith("0에서")
    assert {*sentences(course), ""} == set(known)


def test_a_compiled_catalog_is_what_gettext_reads(tmp_path: Path) -> None:
    header = "Content-Type: text/plain; charset=utf-8\n"
    file = tmp_path / "checks.mo"
    file.write_bytes(compiled({"": header, "b": "나", 'quote " and \\': "따옴표", "untranslated": ""}))
    with file.open("rb") as stream:
        catalog = gettext.GNUTranslations(stream)
    assert catalog.gettext("b") == "나"
    assert catalog.gettext('quote " and \\') == "따옴표"
    assert catalog.gettext("untranslated") == "untranslated"


@pytest.mark.slow
def test_the_solution_passes_the_stub_is_none_and_the_wrong_answer_fails_as_it_says(course: Course) -> None:
    exercise = course.exercise("exercise-1")
    with Session(read_course(course.folder), GradingOptions()) as session:
        solved = session.grade(exercise, course.folder / "solutions/exercise-1")
        stub = session.grade(exercise, exercise.stub)
        wrong = session.grade(exercise, course.folder / "checks/wrong/exercise-1/forgets_the_last.py")
    assert (solved.verdict, stub.verdict) == (Verdict.PASSED, Verdict.NOT_ATTEMPTED)
    assert [(check.id, check.outcome) for check in wrong.checks] == [("test_add_up_adds", Outcome.FAILED)]
    assert "last number" in (wrong.checks[0].message or "")
