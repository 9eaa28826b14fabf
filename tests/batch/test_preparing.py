"""What is graded again and what is not, and which submissions are one."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.batch import Plan, prepare, summarize
from grader.cohort import find_cohort, survey
from grader.cohort.records import Owner
from grader.cohort.sources import read_source
from grader.course import Course
from grader.gradebook import Gradebook, open_gradebook, record_run
from grader.language import Translator
from grader.records import Verdict
from grader.workers.imports import all_imports, imports_of
from grader.workers.settings import Settings
from tests.cli.conftest import a_report
from tests.cohort.conftest import MODULE, fill, find

SETTINGS = Settings(language="en")


def _plan(folder: Path, course: Course, book: Gradebook | None = None, settings: Settings = SETTINGS) -> Plan:
    return prepare(course, survey(find(folder, course)), settings, book)


def _counts(plan: Plan) -> tuple[int, int, int]:
    return (plan.count, plan.same, len(plan.kept))


def test_equal_submissions_are_one_task(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {f"{name}/exercise_3.py": MODULE for name in "abc"} | {"d/exercise_3.py": MODULE + "\n"})
    assert _counts(_plan(tmp_path, course)) == (4, 2, 0)


def test_equal_text_with_other_modules_beside_it_is_another_task(tmp_path: Path, course: Course) -> None:
    text = f"import helper\n{MODULE}"
    fill(
        tmp_path,
        {
            "a/exercise_3.py": text,
            "a/helper.py": "x = 1",
            "b/exercise_3.py": text,
            "b/helper.py": "x = 2",
            "c/exercise_3.py": text,
            "c/helper.py": "x = 1",
            "c/unused.py": "y = 1",
        },
    )
    assert _counts(_plan(tmp_path, course)) == (3, 1, 0)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_run_stands_until_something_changes_unless_the_grader_failed(
    tmp_path: Path, course: Course, verdict: Verdict
) -> None:
    fill(tmp_path / "in", {"a/exercise_3.py": MODULE})
    with open_gradebook(tmp_path / "book.sqlite") as book:
        (task,) = _plan(tmp_path / "in", course, book).tasks
        record_run(book, "a", a_report("exercise-3", verdict), fingerprint=task.fingerprint)
        stands = verdict is not Verdict.UNGRADED
        assert _counts(_plan(tmp_path / "in", course, book)) == ((0, 0, 1) if stands else (1, 0, 0))
        for other in (
            Settings(language="ko"),
            Settings(language="en", time_limit=3.0),
            Settings(language="en", sandbox="auto"),
            Settings(language="en", regrade=True),
        ):
            assert _counts(_plan(tmp_path / "in", course, book, other))[0] == 1
        fill(tmp_path / "in", {"a/exercise_3.py": MODULE + "#"})
        assert _counts(_plan(tmp_path / "in", course, book))[0] == 1


def test_what_the_layout_tells_of_a_submission_that_stands_is_kept(tmp_path: Path, course: Course) -> None:
    canvas = fill(tmp_path / "canvas", {"name_LATE_1_1_exercise_3.py": MODULE})
    with open_gradebook(tmp_path / "book.sqlite") as book:
        (task,) = _plan(canvas, course, book).tasks
        record_run(book, "1", a_report("exercise-3"), fingerprint=task.fingerprint, marked_late=False)
        plan = _plan(canvas, course, book)
        assert [(one.run.student, one.marked_late) for one in plan.handings] == [("1", True)]


def test_what_cannot_be_read_is_no_task_and_has_a_reason(tmp_path: Path, course: Course) -> None:
    fill(tmp_path / "in", {"a/exercise_3.py": MODULE})
    (tmp_path / "in" / "b").mkdir()
    (tmp_path / "in" / "b" / "exercise_3.py").symlink_to(tmp_path / "in" / "a" / "exercise_3.py")
    plan = _plan(tmp_path / "in", course)
    assert plan.count == 1
    assert [(problem.student, bool(problem.reason)) for problem in plan.unreadable] == [("b", True)]


def test_who_handed_in_is_counted_once_and_who_did_not_is_not(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"a/exercise_3.py": MODULE, "a/exercise_2.py": "x = 1", "b/essay.docx": "x", "c.zip": b"no archive"})
    roster = [Owner(id=name) for name in "abcde"]
    cohort = find_cohort(tmp_path, exercises=course.exercises, roster=roster)
    summary = summarize(cohort, prepare(course, survey(cohort), SETTINGS, None), Translator("en"))
    assert (summary.submissions, summary.handed_in, summary.students) == (4, 3, 5)


def test_no_submission_chooses_what_is_imported_beyond_a_known_few(tmp_path: Path, course: Course) -> None:
    text = "import os, antigravity\nimport tensorflow as tf\nfrom sklearn import x\nimport numpyish\n" + MODULE
    fill(tmp_path, {"a/exercise_3.py": text})
    (handed,) = find(tmp_path, course).handed
    assert imports_of(read_source(handed)) == {"sklearn", "tensorflow"}
    modules = ("keras", "numpy", "sklearn", "sklearn.model_selection", "tensorflow")
    assert all_imports([], [imports_of(read_source(handed))]) == modules
