"""Every layout, as the system that makes it makes it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.batch.finding import find_cohort
from grader.batch.records import Layout, Owner
from grader.course import Course
from grader.errors import UsageError
from tests.batch.conftest import MODULE, fill, find, pack, pairs

METADATA = """---
submission_101:
  :submitters:
  - :name: Kim, Min-jun
    :sid: '20230001'
    :email: minjun@example.edu
  - :name: "Lee \\u0053eo"
    :sid: '20230002'
    :email: seo@example.edu
  :created_at: 2026-03-01 14:30:00.000000000 Z
  :score: 3.0
  :results:
    tests:
    - name: ':submitters'
      score: 1
submission_102:
  :submitters:
  - :name: Park Ji-woo
    :sid: ''
    :email: jiwoo@example.edu
  :created_at: 2026-03-01 23:59:59.123 +0900
"""


def test_a_folder_for_each_student_is_read(tmp_path: Path, course: Course) -> None:
    fill(
        tmp_path,
        {
            "alice/exercise_2.py": MODULE,
            "alice/exercise-3/exercise_3.ipynb": "{}",
            "bob/exercises/exercise-3/exercise_3.py": MODULE,
        },
    )
    cohort = find(tmp_path, course)
    assert cohort.layout is Layout.STUDENTS
    assert pairs(cohort) == [
        ("alice", "exercise-2", "alice/exercise_2.py"),
        ("alice", "exercise-3", "alice/exercise-3/exercise_3.ipynb"),
        ("bob", "exercise-3", "bob/exercises/exercise-3/exercise_3.py"),
    ]


def test_a_file_for_each_student_is_read_by_its_name_or_its_text(tmp_path: Path, course: Course) -> None:
    fill(
        tmp_path,
        {"alice_exercise_2.py": "x", "exercise-3-bob.ipynb": "{}", "carol.py": MODULE, "dan_exercise_3 (2).py": MODULE},
    )
    assert [(student, exercise) for student, exercise, _path in pairs(find(tmp_path, course))] == [
        ("alice", "exercise-2"),
        ("bob", "exercise-3"),
        ("carol", "exercise-3"),
        ("dan", "exercise-3"),
    ]


def test_the_submitted_folder_of_nbgrader_is_read_and_the_others_are_not(tmp_path: Path, course: Course) -> None:
    fill(
        tmp_path,
        {
            "submitted/alice/exercise-3/exercise_3.ipynb": "{}",
            "submitted/bob/exercise_3/anything.ipynb": "{}",
            "source/exercise-3/exercise_3.ipynb": "{}",
        },
    )
    cohort = find(tmp_path, course)
    assert cohort.layout is Layout.NBGRADER
    assert [one[:2] for one in pairs(cohort)] == [("alice", "exercise-3"), ("bob", "exercise-3")]
    assert pairs(find(tmp_path / "submitted", course)) != []


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "archive"])
def test_a_download_of_moodle_is_read(tmp_path: Path, course: Course, packed: bool) -> None:  # noqa: FBT001
    files = {
        "Kim Min-jun_12345_assignsubmission_file_/exercise_3.py": MODULE,
        "Lee Seo_12346_assignsubmission_file_exercise_3.py": MODULE,
        "Lee Seo_12346_assignsubmission_onlinetext_/onlinetext.html": "<p>",
        "__MACOSX/._exercise_3.py": "x",
    }
    where = pack(tmp_path / "all.zip", files) if packed else fill(tmp_path, files)
    cohort = find(where, course)
    assert cohort.layout is Layout.MOODLE
    assert [one[:2] for one in pairs(cohort)] == [("12345", "exercise-3"), ("12346", "exercise-3")]
    assert [one.name for one in cohort.students] == ["Kim Min-jun", "Lee Seo"]


def test_names_of_canvas_tell_student_lateness_and_resubmission(tmp_path: Path, course: Course) -> None:
    fill(
        tmp_path,
        {
            "doejane_LATE_111_9001_exercise_3-1.py": MODULE,
            "doejane_LATE_111_9000_exercise_3.py": MODULE + "# newer by its time only\n",
            "roejohn_112_9002_exercise_3.py": MODULE,
        },
    )
    cohort = find(tmp_path, course)
    assert cohort.layout is Layout.CANVAS
    jane, john = cohort.handed
    assert (jane.student, jane.late, jane.attempt) == (Owner(id="111", name="doejane"), True, 1)
    assert (jane.path, jane.main.name) == ("doejane_LATE_111_9001_exercise_3-1.py", "exercise_3.py")
    assert not john.late
    assert [notice.path for notice in cohort.notices] == ["doejane_LATE_111_9000_exercise_3.py"]


def test_an_export_of_gradescope_counts_for_each_of_a_group(tmp_path: Path, course: Course) -> None:
    fill(
        tmp_path,
        {
            "assignment_5_export/submission_metadata.yml": METADATA,
            "assignment_5_export/submission_101/exercise_3.py": MODULE,
            "assignment_5_export/submission_102/exercise_3.py": MODULE,
            "assignment_5_export/submission_103/exercise_3.py": MODULE,
        },
    )
    cohort = find(tmp_path, course)
    assert cohort.layout is Layout.GRADESCOPE
    assert [(one.id, one.name) for one in cohort.students] == [
        ("20230001", "Kim, Min-jun"),
        ("20230002", "Lee Seo"),
        ("jiwoo@example.edu", "Park Ji-woo"),
        ("submission_103", ""),
    ]
    handed = {one.student.id: one for one in cohort.handed}
    assert handed["20230002"].handed_in == datetime(2026, 3, 1, 14, 30, tzinfo=UTC)
    assert handed["jiwoo@example.edu"].handed_in == datetime(2026, 3, 1, 14, 59, 59, tzinfo=UTC)
    assert [notice.path for notice in cohort.notices] == ["submission_103"]


def test_clones_of_github_classroom_are_read(tmp_path: Path, course: Course) -> None:
    fill(
        tmp_path,
        {
            "exercise-3-alice/exercises/exercise-3/exercise_3.py": MODULE,
            "exercise-3-alice/exercises/exercise-2/exercise_2.py": "# the stub",
            "exercise-3-alice/.git/config": "x",
            "exercise-3-bob-jones/exercise_3.py": MODULE,
        },
    )
    cohort = find_cohort(tmp_path, exercises=course.exercises, wanted=[course.exercise("exercise-3")])
    assert cohort.layout is Layout.CLASSROOM
    assert [one[:2] for one in pairs(cohort)] == [("alice", "exercise-3"), ("bob-jones", "exercise-3")]


def test_a_layout_that_is_named_is_not_detected(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"exercise-3-alice/exercise_3.py": MODULE})
    cohort = find_cohort(tmp_path, exercises=course.exercises, layout=Layout.STUDENTS)
    assert [one.id for one in cohort.students] == ["exercise-3-alice"]


def test_a_folder_around_everything_is_nobody(tmp_path: Path, course: Course) -> None:
    archive = pack(tmp_path / "all.zip", {"week 3/alice/exercise_3.py": MODULE, "week 3/bob/exercise_3.py": MODULE})
    assert [one.id for one in find(archive, course).students] == ["alice", "bob"]


def test_an_archive_that_a_student_handed_in_is_read_like_a_folder(tmp_path: Path, course: Course) -> None:
    pack(fill(tmp_path, {"bob/exercise_3.py": MODULE}) / "alice.zip", {"work/exercise_3.py": MODULE})
    cohort = find(tmp_path, course)
    assert [one[:2] for one in pairs(cohort)] == [("alice", "exercise-3"), ("bob", "exercise-3")]
    assert cohort.handed[0].main.reader(1000) == MODULE.encode()


def test_a_folder_without_submissions_is_refused_with_the_layout_it_was_read_as(tmp_path: Path, course: Course) -> None:
    with pytest.raises(UsageError, match="students"):
        find(tmp_path, course)
    with pytest.raises(UsageError, match="There is no"):
        find(tmp_path / "nothing", course)
