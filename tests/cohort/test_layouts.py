"""Every layout, as the system that makes it makes it."""

from __future__ import annotations

import os
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.cli.batch import LAYOUTS
from grader.cohort.finding import find_cohort
from grader.cohort.records import Layout, Owner
from grader.cohort.sources import read_source
from grader.course import Course
from grader.errors import UsageError
from tests.cohort.conftest import MODULE, fill, find, pack, pairs

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
    files = {"week 3/alice/exercise_3.py": MODULE, "week 3/bob/exercise_3.py": MODULE}
    for more in ({}, {"week 3/readme.txt": "x"}, {"notes.txt": "x"}):
        archive = pack(tmp_path / "all.zip", files | more)
        assert [one.id for one in find(archive, course).students] == ["alice", "bob"]


def test_one_student_of_many_who_handed_in_nothing_is_no_folder_around_everything(
    tmp_path: Path, course: Course
) -> None:
    fill(tmp_path, {"alice/mine/exercise_3.py": MODULE, "bob/report.pdf": "x"})
    (tmp_path / "carol").mkdir()
    assert [one.id for one in find(tmp_path, course).students] == ["alice", "bob", "carol"]


def test_an_archive_that_a_student_handed_in_is_read_like_a_folder(tmp_path: Path, course: Course) -> None:
    pack(fill(tmp_path, {"bob/exercise_3.py": MODULE}) / "alice.zip", {"mine/exercise_3.py": MODULE})
    cohort = find(tmp_path, course)
    assert [one[:2] for one in pairs(cohort)] == [("alice", "exercise-3"), ("bob", "exercise-3")]
    assert cohort.handed[0].main.reader(1000) == MODULE.encode()


def test_names_are_the_same_however_their_letters_were_written(tmp_path: Path, course: Course) -> None:
    name = "김민준"
    apart = unicodedata.normalize("NFD", name)
    fill(tmp_path / "mac", {f"{apart}/exercise_3.py": MODULE, "b/exercise_3.py": MODULE})
    (_b, handed) = find(tmp_path / "mac", course).handed
    assert handed.student.id == name
    assert handed.main.reader(1000) == MODULE.encode()
    archive = pack(tmp_path / "mac.zip", {f"{apart}/exercise_3.py": MODULE, "b/exercise_3.py": MODULE})
    assert [one.id for one in find(archive, course).students] == ["b", name]


def test_a_folder_that_korean_windows_named_is_read(tmp_path: Path, course: Course) -> None:
    folder = os.fsencode(tmp_path) + b"/" + "박지우".encode("cp949")
    try:
        os.mkdir(folder)  # noqa: PTH102 - a path of bytes
    except OSError:
        pytest.skip("this file system takes no such name")
    Path(os.fsdecode(folder), "exercise_3.py").write_text(MODULE, "utf-8")
    (handed,) = find(tmp_path, course).handed
    assert (handed.student.id, handed.main.reader(1000)) == ("박지우", MODULE.encode())


def test_who_handed_in_nothing_that_could_be_graded_is_a_row_in_every_layout(tmp_path: Path, course: Course) -> None:
    folders = {
        "students": "{}/",
        "nbgrader": "submitted/{}/exercise-3/",
        "moodle": "{0}_{0}_assignsubmission_file_/",
        "canvas": "{0}_{0}_9_",
        "gradescope": "{}/",
        "classroom": "exercise-3-{}/",
    }
    for layout, folder in folders.items():
        root = tmp_path / layout
        files = {folder.format(1) + "exercise_3.py": MODULE, folder.format(2) + "exercise_3.py": MODULE}
        fill(root, files | {folder.format(3) + "report.docx": "x", folder.format(4) + ".DS_Store": "x"})
        if layout == "gradescope":
            (root / "submission_metadata.yml").write_text("---\n", "utf-8")
        cohort = find(root, course)
        assert cohort.layout.value == layout
        reasons = {problem.student: str(problem.reason) for problem in cohort.unreadable}
        assert "report.docx" in reasons["3"], layout
        assert "4" in reasons, layout
        assert any(".DS_Store" in str(notice.reason) for notice in cohort.notices) == (layout != "canvas"), layout


def test_a_folder_that_cannot_be_listed_costs_its_student_only(
    tmp_path: Path, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, {"alice/exercise_3.py": MODULE, "bob/exercise_3.py": MODULE})
    real = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "bob":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr("os.scandir", scandir)
    cohort = find(tmp_path, course)
    assert [one[0] for one in pairs(cohort)] == ["alice"]
    assert [(problem.student, "permission denied" in str(problem.reason)) for problem in cohort.unreadable] == [
        ("bob", True)
    ]


def test_lateness_is_that_of_each_file_of_canvas(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"doe_LATE_111_9001_exercise_3.py": MODULE, "doe_111_9000_exercise_2.py": MODULE})
    assert [(one.exercise, one.late) for one in find(tmp_path, course).handed] == [
        ("exercise-2", False),
        ("exercise-3", True),
    ]
    fill(tmp_path / "s", {"doe/exercise_3.py": MODULE})
    assert [one.late for one in find(tmp_path / "s", course).handed] == [None]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01 14:30:00.123456 UTC\n", datetime(2026, 3, 1, 14, 30, tzinfo=UTC)),
        ("2026-03-01 23:30:00 +0900", datetime(2026, 3, 1, 14, 30, tzinfo=UTC)),
        ("2026-03-01 23:30:00 KST", None),
        ("yesterday", None),
    ],
)
def test_nbgrader_tells_when_it_took_a_submission_in(
    tmp_path: Path, course: Course, text: str, moment: datetime | None
) -> None:
    folder = "submitted/alice/exercise-3"
    fill(tmp_path, {f"{folder}/exercise_3.ipynb": "{}", f"{folder}/timestamp.txt": text})
    (handed,) = find(tmp_path, course).handed
    assert handed.handed_in == moment


def test_a_clone_counts_for_its_own_exercise_only(tmp_path: Path, course: Course) -> None:
    files = {"exercises/exercise-3/exercise_3.py": MODULE, "exercises/exercise-2/exercise_2.py": "# the stub"}
    fill(tmp_path, {f"exercise-3-alice/{name}": text for name, text in files.items()})
    cohort = find(tmp_path, course)
    assert [one[:2] for one in pairs(cohort)] == [("alice", "exercise-3")]
    assert any("exercise_2.py" in str(notice.reason) for notice in cohort.notices)


def test_names_of_platforms_are_known_among_others(tmp_path: Path, course: Course) -> None:
    fill(
        tmp_path,
        {
            "Kim_12345_assignsubmission_file_/exercise_3.py": MODULE,
            "lee_LATE_111_9000_exercise_3.py": MODULE,
            "alice/exercise_3.py": MODULE,
            "bob.py": MODULE,
        },
    )
    cohort = find(tmp_path, course)
    assert cohort.layout is Layout.STUDENTS
    assert [(one.student.id, one.late) for one in cohort.handed] == [
        ("111", True),
        ("12345", None),
        ("alice", None),
        ("bob", None),
    ]


def test_a_folder_without_submissions_is_refused_with_the_layout_it_was_read_as(tmp_path: Path, course: Course) -> None:
    with pytest.raises(UsageError, match="students"):
        find(tmp_path, course)
    with pytest.raises(UsageError, match="There is no"):
        find(tmp_path / "nothing", course)


@pytest.mark.parametrize(
    ("name", "student", "attempt"),
    [
        ("20231234_exercise_1.py", "20231234", 0),
        ("exercise_1-20231234.py", "20231234", 0),
        ("exercise-1_20231234.ipynb", "20231234", 0),
        ("20231234_exercise_1-2.py", "20231234", 2),
        ("7_exercise_1.py", "7", 0),
        ("alice_exercise_1-2.py", "alice", 2),
    ],
)
def test_a_number_is_a_student_where_it_is_no_mark_of_a_resubmission(
    tmp_path: Path, course: Course, name: str, student: str, attempt: int
) -> None:
    fill(tmp_path, {name: "x = 1", "bob_exercise_1.py": "x = 1"})
    found = {one.student.id: (one.exercise, one.attempt) for one in find(tmp_path, course).handed}
    assert found == {student: ("exercise-1", attempt), "bob": ("exercise-1", 0)}


def test_a_name_in_no_known_encoding_is_one_that_can_be_written(tmp_path: Path, course: Course) -> None:
    folder = os.fsencode(tmp_path)
    try:
        os.mkdir(folder + b"/caf\xe9")  # noqa: PTH102 - a path of bytes
    except OSError:
        pytest.skip("this file system takes no such name")
    for name in (b"/caf\xe9/exercise_3.py", b"/caf\xe9/r\xe9.py"):
        Path(os.fsdecode(folder + name)).write_text(MODULE, "utf-8")
    (tmp_path / "bob").mkdir()
    Path(os.fsdecode(folder + b"/bob/caf\xe9.py")).write_text(MODULE, "utf-8")
    bob, cafe = find(tmp_path, course).handed
    assert (cafe.student.id, [helper.name for helper in cafe.helpers]) == ("caf\\udce9", ["r\\udce9.py"])
    assert bob.main.name == "caf\\udce9.py"
    assert [read_source(one).content for one in (bob, cafe)] == [MODULE.encode()] * 2
    assert len(read_source(bob).digest()) == 64


def test_the_command_takes_every_layout_by_name() -> None:
    assert tuple(layout.value for layout in Layout) == LAYOUTS
