"""Students who want to be somebody else, or to keep the others waiting."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

import pytest

from grader.cohort.finding import find_cohort
from grader.cohort.metadata import read_metadata
from grader.cohort.records import Cohort, Layout
from grader.cohort.roster import read_roster
from grader.course import Course
from tests.cohort.conftest import MODULE, fill, find, pack

SWAP = """---
alice:
  :submitters:
  - :sid: mallory
mallory:
  :submitters:
  - :sid: alice
"""


@pytest.mark.parametrize("name", ["submission_metadata.yml", "Submission_Metadata.YML"])
@pytest.mark.parametrize("archived", [False, True])
def test_a_students_own_list_of_submissions_is_no_list_of_the_class(
    tmp_path: Path, course: Course, name: str, *, archived: bool
) -> None:
    right, wrong = f"{MODULE}# right", f"{MODULE}# wrong"
    files = {"alice/exercise_3.py": right, "bob/exercise_3.py": right, "mallory/exercise_3.py": wrong}
    files[f"mallory/{name}"] = SWAP
    found = find(pack(tmp_path / "class.zip", files) if archived else fill(tmp_path / "in", files), course)
    assert found.layout is Layout.STUDENTS
    read = {one.student.id: one.main.reader(1000).decode() for one in found.handed}
    assert read == {"alice": right, "bob": right, "mallory": wrong}
    assert any(name in str(notice.reason) for notice in found.notices)


def test_beside_the_classes_list_a_students_own_adds_nobody(tmp_path: Path, course: Course) -> None:
    lists = "---\nsubmission_1:\n  :submitters:\n  - :name: Al\n    :sid: al\n"
    own = "---\nsubmission_9:\n  :submitters:\n  - :sid: bob\nsubmission_1:\n  :submitters:\n  - :sid: bob\n"
    files = {
        "export/submission_metadata.yml": lists,
        "export/submission_1/exercise_3.py": MODULE,
        "export/submission_1/submission_metadata.yml": own,
    }
    found = find(fill(tmp_path, files), course)
    assert (found.layout, [one.id for one in found.students]) == (Layout.GRADESCOPE, ["al"])


@pytest.mark.parametrize(
    "name", ["'Mallory x\n      sid: bob\n      y'", "'Mallory x\n    sid: bob'", '"Mal\n    :sid: bob\n    \\"y"']
)
def test_a_name_that_goes_on_below_is_no_field(name: str) -> None:
    text = f"---\nsubmission_1:\n  :submitters:\n  - :name: {name}\n    :sid: mal\n    :email: m@x\n"
    (owner,) = read_metadata(text)["submission_1"].owners
    assert (owner.id, owner.email) == ("mal", "m@x")
    assert owner.name.startswith("Mal")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every archive that is opened."""
    found: list[str] = []

    class Counted(zipfile.ZipFile):
        def __init__(self, file: Path, mode: Literal["r", "w"] = "r", compression: int = zipfile.ZIP_STORED) -> None:
            found.append(str(file))
            super().__init__(file, mode, compression)

    monkeypatch.setattr("grader.cohort.archives.zipfile.ZipFile", Counted)
    return found


def test_an_archive_of_many_files_is_opened_once_for_all_of_them(
    tmp_path: Path, course: Course, opened: list[str]
) -> None:
    pack(tmp_path / "kim.zip", {f"f{number}.py": "x" for number in range(40)} | {"hw.py": MODULE})
    pack(tmp_path / "lee.zip", {"hw.py": MODULE})
    opened.clear()
    found = find(tmp_path, course)
    assert [one.student.id for one in found.handed] == ["kim", "lee"]
    assert len([name for name in opened if name.endswith("kim.zip")]) <= 2
    assert all(one.main.reader(1000) == MODULE.encode() for one in (*found.handed, *found.handed))


def test_of_very_many_files_none_is_looked_into_and_one_row_says_so(tmp_path: Path, course: Course) -> None:
    pack(tmp_path / "mallory.zip", {f"f{number}.py": "" for number in range(2000)})
    fill(tmp_path, {"kim/exercise_3.py": MODULE})
    found = find(tmp_path, course)
    (problem,) = found.unreadable
    assert (problem.student, "2000 files" in str(problem.reason)) == ("mallory", True)


CLASS = "id,name,login\n1001,Jane Doe,janedoe\n1002,Bob Lee,jd42\n"


def _read(folder: Path, course: Course, roster: str = CLASS) -> tuple[dict[str, str], Cohort]:
    """What each student's submission says of itself, and everything that was found."""
    (folder / "roster.csv").write_text(roster, "utf-8")
    found = find_cohort(folder / "in", exercises=course.exercises, roster=read_roster(folder / "roster.csv"))
    return {one.student.id: one.main.reader(1000).decode().rpartition("# ")[2] for one in found.handed}, found


def test_an_account_that_looks_like_anothers_is_nobodys(tmp_path: Path, course: Course) -> None:
    folders = {"janedoe": "jane", "jane-doe": "mallory", "JaneDoe-1": "mallory", "BobLee": "mallory", "JD42": "bob"}
    files = {f"exercise-3-{account}/exercise_3.py": f"{MODULE}# {whose}" for account, whose in folders.items()}
    read, found = _read(fill(tmp_path, {f"in/{name}": text for name, text in files.items()}), course)
    assert (read["1001"], read["1002"]) == ("jane", "bob")
    assert {stranger.id for stranger in found.strangers} == {"jane-doe", "JaneDoe-1", "BobLee"}


def test_an_account_is_found_by_a_name_where_the_roster_has_no_accounts(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"in/exercise-3-jane-doe/exercise_3.py": f"{MODULE}# jane"})
    read, _found = _read(tmp_path, course, "id,name\n1001,Jane Doe\n")
    assert read == {"1001": "jane"}


def test_whoever_is_called_just_so_is_not_displaced_by_a_newer_one_who_is_nearly(
    tmp_path: Path, course: Course
) -> None:
    fill(tmp_path, {"in/1001/exercise_3.py": f"{MODULE}# jane", "in/Doe Jane/exercise_3.py": f"{MODULE}# mallory"})
    read, found = _read(tmp_path, course)
    assert read == {"1001": "jane"}
    assert [notice.path for notice in found.notices] == ["Doe Jane/exercise_3.py"]


def test_a_student_may_be_called_in_two_ways_for_two_exercises(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"in/1001_exercise_3.py": MODULE, "in/Jane Doe_exercise_1.py": "def scale_pixels(x): ..."})
    found = _read(tmp_path, course)[1]
    assert [(one.student.id, one.exercise) for one in found.handed] == [("1001", "exercise-1"), ("1001", "exercise-3")]


def test_a_number_of_canvas_that_is_anothers_id_does_not_give_the_submission_away(
    tmp_path: Path, course: Course
) -> None:
    names = {"doejane_1002_555_exercise_3.py": "jane", "leebob_777_556_exercise_3.py": "bob"}
    read, found = _read(fill(tmp_path, {f"in/{name}": f"{MODULE}# {whose}" for name, whose in names.items()}), course)
    assert read == {"1001": "jane", "1002": "bob"}
    assert (found.missing, found.strangers) == ((), ())
