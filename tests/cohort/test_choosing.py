"""Which file counts, and that nothing disappears without a word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from grader.cohort.finding import find_cohort
from grader.cohort.names import exercise_named, exercise_within
from grader.cohort.records import Cohort
from grader.course import Course
from grader.errors import SubmissionError, UsageError
from tests.cohort.conftest import MODULE, fill, find, pairs


@pytest.mark.parametrize(
    ("stem", "exercise", "attempt", "exact"),
    [
        ("exercise_2", "exercise-2", 0, True),
        ("exercise-2", "exercise-2", 0, False),
        ("Exercise 2", "exercise-2", 0, False),
        ("exercise2", "exercise-2", 0, False),
        ("exercise_2-1", "exercise-2", 1, True),
        ("exercise_2 (3)", "exercise-2", 3, True),
        ("exercise_2(3)", "exercise-2", 3, True),
        ("exercise_2 copy", "exercise-2", 1, True),
    ],
)
def test_the_name_of_an_exercise_is_known_in_what_people_and_systems_make_of_it(
    course: Course,
    stem: str,
    exercise: str,
    attempt: int,
    exact: bool,  # noqa: FBT001
) -> None:
    assert exercise_named(stem, course.exercises) == (exercise, attempt, exact)


@pytest.mark.parametrize("stem", ["", "exercise", "exercise_20", "exercise_9", "my_exercise_2_final", "()", "-1"])
def test_other_names_name_no_exercise(course: Course, stem: str) -> None:
    assert exercise_named(stem, course.exercises) is None


def test_a_resubmission_counts_and_the_first_one_is_told(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"a/exercise_3-1.py": "new", "a/exercise_3.py": "old, written later"})
    cohort = find(tmp_path, course)
    assert pairs(cohort) == [("a", "exercise-3", "a/exercise_3-1.py")]
    assert [notice.path for notice in cohort.notices] == ["a/exercise_3.py"]


def test_of_a_module_and_a_notebook_the_newer_counts(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"a/exercise_3.py": MODULE, "a/exercise_3.ipynb": "{}"})
    cohort = find(tmp_path, course)
    assert pairs(cohort) == [("a", "exercise-3", "a/exercise_3.ipynb")]
    assert [notice.path for notice in cohort.notices] == ["a/exercise_3.py"]


def test_one_file_for_several_exercises_counts_for_each(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"a/everything.ipynb": '"def relu(z)" "def batches_per_epoch"'})
    assert [one[:2] for one in pairs(find(tmp_path, course))] == [("a", "exercise-3"), ("a", "exercise-5")]


def test_a_file_of_another_name_counts_where_the_exercise_was_named_and_that_is_told(
    tmp_path: Path, course: Course
) -> None:
    fill(tmp_path, {"a/homework.py": "x = 1"})
    cohort = find_cohort(tmp_path, exercises=course.exercises, wanted=[course.exercise("exercise-3")])
    assert [one[:2] for one in pairs(cohort)] == [("a", "exercise-3")]
    assert "exercise_3.py" in str(cohort.notices[0].reason)


@pytest.mark.parametrize(
    ("stem", "exercise"),
    [
        ("my_exercise_3_final", "exercise-3"),
        ("김민준 exercise-3", "exercise-3"),
        ("exercise_3최종", "exercise-3"),
        ("Exercise3b", "exercise-3"),
        ("exercise_33", None),
        ("exercise_2_and_exercise_3", None),
        ("exercises", None),
    ],
)
def test_the_name_of_an_exercise_is_found_inside_another(course: Course, stem: str, exercise: str | None) -> None:
    assert exercise_within(stem, course.exercises) == exercise


def test_a_wrong_name_beside_a_right_one_is_graded_where_it_can_be_and_else_told(
    tmp_path: Path, course: Course
) -> None:
    names = ("exercise_2.py", "exercise_3_final.py", "try.py", "notes.txt")
    fill(tmp_path, {f"a/{name}": MODULE for name in names})
    cohort = find(tmp_path, course)
    assert [one[1:] for one in pairs(cohort)] == [
        ("exercise-2", "a/exercise_2.py"),
        ("exercise-3", "a/exercise_3_final.py"),
    ]
    told = " ".join(f"{notice.path}: {notice.reason}" for notice in cohort.notices)
    assert all(name in told for name in names[1:])


def test_a_student_who_handed_in_another_exercise_is_no_problem_of_the_one_that_is_asked_for(
    tmp_path: Path, course: Course
) -> None:
    fill(tmp_path, {"a/exercise_3.py": MODULE, "b/exercise_2.py": MODULE})
    cohort = find_cohort(tmp_path, exercises=course.exercises, wanted=[course.exercise("exercise-3")])
    assert ([one[:2] for one in pairs(cohort)], cohort.unreadable) == ([("a", "exercise-3")], ())


def test_a_group_whose_submission_cannot_be_graded_is_a_row_for_each(tmp_path: Path, course: Course) -> None:
    lines = ["---", "submission_1:", "  :submitters:"]
    lines += [f"  - :name: {name}\n    :sid: '{name}'" for name in "ab"]
    (tmp_path / "submission_metadata.yml").write_text("\n".join(lines) + "\n", "utf-8")
    fill(tmp_path, {"submission_1/report.pdf": "x"})
    assert [problem.student for problem in find(tmp_path, course).unreadable] == ["a", "b"]


def test_what_cannot_be_told_apart_is_a_row_with_its_reason(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"a/one.py": "x", "a/two.py": "y", "b/exercise_3.py": MODULE, "exercise_3.py": MODULE})
    cohort = find(tmp_path, course)
    (problem,) = cohort.unreadable
    assert problem.path == "a"
    assert "one.py; two.py" in str(problem.reason)
    assert [notice.path for notice in cohort.notices] == ["exercise_3.py"]
    only = find_cohort(tmp_path, exercises=course.exercises, wanted=[course.exercise("exercise-3")])
    assert [(problem.student, problem.exercise) for problem in only.unreadable] == [("a", "exercise-3")]


def test_modules_beside_a_submission_come_with_it_but_not_those_of_others(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"1_2_3_exercise_3.py": MODULE, "1_2_4_helper.py": "x = 1", "5_6_7_exercise_3.py": MODULE})
    first, second = find(tmp_path, course).handed
    assert [helper.name for helper in first.helpers] == ["helper.py"]
    assert second.helpers == ()


def test_a_file_that_is_too_large_is_found_and_refused_only_when_it_is_read(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"a/exercise_3.py": "#" * 1_000_001})
    (handed,) = find(tmp_path, course).handed
    with pytest.raises(SubmissionError, match="larger than 1 MB"):
        handed.main.reader(1_000_000)


def test_only_the_students_that_were_named_are_looked_at(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"alice/exercise_3.py": MODULE, "bob/exercise_3.py": MODULE})
    cohort = find_cohort(tmp_path, exercises=course.exercises, students=["BOB"])
    assert [one.id for one in cohort.students] == ["bob"]
    with pytest.raises(UsageError, match="carol"):
        find_cohort(tmp_path, exercises=course.exercises, students=["bob", "carol"])


def test_links_are_not_followed_and_that_is_told(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"s/b/exercise_3.py": MODULE, "secret/exercise_3.py": "no"})
    (tmp_path / "s" / "a").symlink_to(tmp_path / "secret")
    (tmp_path / "s" / "c").mkdir()
    (tmp_path / "s" / "c" / "exercise_3.py").symlink_to(tmp_path / "secret" / "exercise_3.py")
    cohort = find(tmp_path / "s", course)
    handed = {one.student.id: one for one in cohort.handed}
    assert set(handed) == {"b", "c"}
    assert [(problem.student, "link" in str(problem.reason)) for problem in cohort.unreadable] == [("a", True)]
    with pytest.raises(SubmissionError, match="link"):
        handed["c"].main.reader(1000)


def told(cohort: Cohort) -> str:
    return " ".join(f"{one.path}: {one.reason}" for one in (*cohort.notices, *cohort.unreadable))


def test_a_file_beside_another_exercise_is_not_taken_for_the_one_that_is_asked_for(
    tmp_path: Path, course: Course
) -> None:
    fill(tmp_path, {"a/exercise_1.py": "import utils", "a/utils.py": "x = 1"})
    cohort = find_cohort(tmp_path, exercises=course.exercises, wanted=[course.exercise("exercise-3")])
    assert pairs(cohort) == []
    assert "utils.py" in told(cohort)
    assert "exercise_1.py" not in told(cohort)


def test_what_is_named_less_like_an_exercise_than_another_file_is_told(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"a/exercise_3.py": "# the stub", "a/exercise_3_final.ipynb": "{}", "a/exercise_2.py": MODULE})
    cohort = find_cohort(tmp_path, exercises=course.exercises, wanted=[course.exercise("exercise-3")])
    assert pairs(cohort) == [("a", "exercise-3", "a/exercise_3.py")]
    assert "exercise_3_final.ipynb" in told(cohort)
    assert "exercise_2.py" not in told(cohort)


@pytest.mark.parametrize("wanted", [(), ("exercise-3",)])
def test_a_folder_of_an_exercise_in_which_no_file_can_be_told_apart_is_a_row(
    tmp_path: Path, course: Course, wanted: Sequence[str]
) -> None:
    fill(tmp_path, {"a/exercise_1.py": MODULE, "a/exercise_3/one.py": "x", "a/exercise_3/two.py": "y"})
    cohort = find_cohort(tmp_path, exercises=course.exercises, wanted=[course.exercise(name) for name in wanted])
    assert [one.exercise for one in cohort.handed] == ([] if wanted else ["exercise-1"])
    (row,) = cohort.unreadable
    assert (row.student, row.exercise) == ("a", "exercise-3")
    assert "exercise_3/one.py; exercise_3/two.py" in str(row.reason)


NOTEBOOK = '{"cells": [{"cell_type": "code", "source": ["def prepare_data(images):\\n", "    return images"]}]}'


def test_a_file_of_another_name_is_taken_by_its_functions_beside_one_that_is_named(
    tmp_path: Path, course: Course
) -> None:
    fill(tmp_path, {"kim/Untitled0.ipynb": NOTEBOOK, "kim/exercise_3.py": MODULE, "kim/notes.py": "# prepare_data"})
    cohort = find(tmp_path, course)
    assert pairs(cohort) == [
        ("kim", "exercise-1", "kim/Untitled0.ipynb"),
        ("kim", "exercise-3", "kim/exercise_3.py"),
    ]
    told = {notice.path: str(notice.reason) for notice in cohort.notices}
    assert "taken for exercise-1" in told["kim/Untitled0.ipynb"]
    assert set(told) == {"kim", "kim/Untitled0.ipynb"}


def test_one_file_for_several_exercises_is_told_once(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"kim/hw.py": f"{MODULE}\ndef prepare_data(images):\n    return images\n"})
    cohort = find(tmp_path, course)
    assert [handed.exercise for handed in cohort.handed] == ["exercise-1", "exercise-3"]
    (notice,) = cohort.notices
    assert "exercise-1, exercise-3" in str(notice.reason)


def test_what_the_batch_itself_writes_is_nobodys_submission(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"kim/exercise_3.py": MODULE, "graded/index.html": "<html>", "graded/exercise_3.py": MODULE})
    cohort = find_cohort(tmp_path, exercises=course.exercises, without=tmp_path / "graded")
    assert [student.id for student in cohort.students] == ["kim"]
