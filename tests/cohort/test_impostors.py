"""Students who want to be somebody else, or to keep the others waiting."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

import pytest

from grader.cohort.metadata import read_metadata
from grader.cohort.records import Layout
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
