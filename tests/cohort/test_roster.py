"""The roster, and whose a layout's names are by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cohort.finding import find_cohort
from grader.cohort.records import Layout, Owner
from grader.cohort.roster import Roster, read_roster
from grader.course import Course
from grader.errors import UsageError
from tests.cohort.conftest import MODULE, fill

JANE = Owner(id="s1", name="Jane Doe", email="jd@example.edu", section="A")
JOHN = Owner(id="s2", name="Roe, John", email="john.roe@example.edu")


@pytest.mark.parametrize(
    "text",
    [
        "id,name,email,section\ns1,Jane Doe,jd@example.edu,A\n",
        "\ufeffStudent ID;First Name;Last Name;E-mail;Group\r\ns1;Jane;Doe;jd@example.edu;A\r\n\r\n",
        "학번\t이름\t이메일\t분반\ns1\tJane Doe\tjd@example.edu\tA\n",
    ],
)
def test_a_roster_is_read_whatever_its_columns_are_called(tmp_path: Path, text: str) -> None:
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8", newline="")
    assert read_roster(tmp_path / "roster.csv") == (JANE,)


def test_tables_that_platforms_export_are_rosters(tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_text(
        'Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"Doe, Jane",111,s1,jdoe,A\n', "utf-8"
    )
    assert read_roster(file) == (Owner(id="111", name="Doe, Jane", section="A", login="jdoe"),)
    file.write_text('"identifier","github_username","github_id","name"\n"20230001","octo","7","Kim"\n', "utf-8")
    assert read_roster(file) == (Owner(id="20230001", name="Kim", login="octo"),)
    file.write_text("성,이름,이메일 주소\n김,민준,m@example.edu\n", "utf-8")
    assert [one.id for one in read_roster(file)] == ["m@example.edu"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_roster_may_be_what_excel_calls_unicode_text(tmp_path: Path, encoding: str) -> None:
    mark = "" if encoding == "utf-16" else "\ufeff"
    text = f"{mark}학번\t이름\t이메일\t분반\r\ns1\tJane Doe\tjd@example.edu\tA\r\n"
    (tmp_path / "roster.csv").write_bytes(text.encode(encoding))
    assert read_roster(tmp_path / "roster.csv") == (JANE,)


def test_the_test_student_of_canvas_is_nobody_there_and_somebody_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_text('Student,ID,SIS User ID,Section\n"Doe, Jane",111,s1,A\n"Student, Test",999,,A\n', "utf-8")
    assert [one.id for one in read_roster(file)] == ["111"]
    file.write_text('id,name\ns1,"Student, Test"\n', "utf-8")
    assert [one.id for one in read_roster(file)] == ["s1"]


def test_the_worksheet_of_moodle_tells_namesakes_apart(tmp_path: Path, course: Course) -> None:
    worksheet = "Identifier,Full name,Email address\nParticipant 70013,임수빈,a@x\nParticipant 70014,임수빈,b@x\n"
    (tmp_path / "roster.csv").write_text(worksheet, "utf-8")
    roster = read_roster(tmp_path / "roster.csv")
    names = ("임수빈_70014_assignsubmission_file_", "임수빈_70013_assignsubmission_file_")
    fill(tmp_path / "in", {f"{name}/exercise_3.py": f"{MODULE}# {name}\n" for name in names})
    cohort = find_cohort(tmp_path / "in", exercises=course.exercises, roster=roster)
    assert [(one.student.email, one.path[4:9]) for one in cohort.handed] == [("a@x", "70013"), ("b@x", "70014")]
    assert cohort.strangers == cohort.missing == ()


def test_a_worksheet_of_moodle_with_id_numbers_is_a_roster_by_these(tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_text("Identifier,Full name,ID number\n참여자70013,Kim,s1\nParticipant 70014,Lee,\n", "utf-8")
    assert [(one.id, one.participant) for one in read_roster(file)] == [("s1", "70013"), ("Participant 70014", "70014")]


def test_an_account_is_as_good_as_an_id(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"exercise-3-Octo/exercise_3.py": MODULE})
    roster = [Owner(id="20230001", name="Kim", login="octo")]
    assert [one.student.id for one in find_cohort(tmp_path, exercises=course.exercises, roster=roster).handed] == [
        "20230001"
    ]


def test_a_number_of_moodle_is_no_id_of_a_student(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"Jane Doe_7_assignsubmission_file_/exercise_3.py": MODULE})
    roster = [Owner(id="7", name="John Roe"), Owner(id="8", name="Jane Doe")]
    cohort = find_cohort(tmp_path, exercises=course.exercises, roster=roster)
    assert [one.student.id for one in cohort.handed] == ["8"]
    assert [one.id for one in cohort.missing] == ["7"]


def test_nor_is_it_among_folders_of_students(tmp_path: Path, course: Course) -> None:
    names = ("Jane Doe_7_assignsubmission_file_", "Eve Low_8_assignsubmission_file_", "john", "min")
    fill(tmp_path, {f"{name}/exercise_3.py": f"{MODULE}# {name}\n" for name in names})
    roster = [Owner(id="7", name="John Roe", login="john"), Owner(id="8", name="Jane Doe"), Owner(id="9", login="min")]
    cohort = find_cohort(tmp_path, exercises=course.exercises, roster=roster)
    assert cohort.layout is Layout.STUDENTS
    assert [(one.student.id, one.path[:4]) for one in cohort.handed] == [
        ("7", "john"),
        ("8", "Jane"),
        ("9", "min/"),
        ("moodle-8", "Eve "),
    ]


def test_two_of_one_name_are_told_with_their_ids(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"Kim Min_7_assignsubmission_file_/exercise_3.py": MODULE})
    roster = [Owner(id="1", name="Kim Min"), Owner(id="2", name="Min Kim")]
    cohort = find_cohort(tmp_path, exercises=course.exercises, roster=roster)
    assert [one.id for one in cohort.strangers] == ["7"]
    assert "1; 2" in str(cohort.notices[0].reason)


def test_a_document_is_a_submission_where_the_roster_knows_its_name(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"s1.docx": "x", "grades.xlsx": "x", "s2.py": MODULE})
    cohort = find_cohort(tmp_path, exercises=course.exercises, roster=[JANE, JOHN])
    assert [problem.student for problem in cohort.unreadable] == ["s1"]
    assert [notice.path for notice in cohort.notices] == ["grades.xlsx", "s2.py"]
    assert cohort.missing == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column"),
        ("mark\n1\n", "no column"),
        ("id\na\na\n", "twice"),
        ("id,name\n,x\n", "without"),
        ("id,name\n", "no student below"),
        ("id,name\n,\n\n", "no student below"),
        ("PK\x03\x04\x14\x00\x06\x00\n", "Excel's own format"),
    ],
)
def test_a_roster_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        read_roster(tmp_path / "roster.csv")


@pytest.mark.parametrize(
    ("owner", "student"),
    [
        (Owner(id="s1"), JANE),
        (Owner(id="S1"), JANE),
        (Owner(id="77", name="doejane"), JANE),
        (Owner(id="77", name="John Roe"), JOHN),
        (Owner(id="john.roe"), JOHN),
        (Owner(id="x", email="JD@example.edu"), JANE),
        (Owner(id="77", name="Jane"), None),
    ],
)
def test_a_student_is_known_by_id_address_or_name(owner: Owner, student: Owner | None) -> None:
    found = Roster([JANE, JOHN]).match(owner)
    assert (found and found.student) == student


def test_a_name_of_two_students_is_neither() -> None:
    twins = [Owner(id="1", name="Kim Min"), Owner(id="2", name="Min Kim")]
    assert Roster(twins).match(Owner(id="9", name="Kim Min")) is None


def test_strangers_and_missing_students_are_told_and_strangers_are_graded(tmp_path: Path, course: Course) -> None:
    fill(tmp_path, {"doejane_1_2_exercise_3.py": MODULE, "stranger_3_4_exercise_3.py": MODULE})
    cohort = find_cohort(tmp_path, exercises=course.exercises, roster=[JANE, JOHN])
    assert [one.student.id for one in cohort.handed] == ["3", "s1"]
    assert [one.id for one in cohort.missing] == ["s2"]
    assert [one.name for one in cohort.strangers] == ["stranger"]
    assert {one.id for one in cohort.students} == {"3", "s1", "s2"}


def test_a_stranger_with_a_number_of_moodle_is_not_the_student_with_that_id(tmp_path: Path, course: Course) -> None:
    names = ("Jane Doe_7", "Eve Low_101")
    fill(tmp_path, {f"{name}_assignsubmission_file_/exercise_3.py": f"{MODULE}# {name}\n" for name in names})
    roster = [Owner(id="101", name="Jane Doe"), Owner(id="8", name="John Roe")]
    cohort = find_cohort(tmp_path, exercises=course.exercises, roster=roster)
    assert [(one.student.id, one.path[:3]) for one in cohort.handed] == [("101", "Jan"), ("moodle-101", "Eve")]
    assert [(one.id, one.name) for one in cohort.strangers] == [("moodle-101", "Eve Low")]
    assert [one.id for one in cohort.students] == ["101", "8", "moodle-101"]


@pytest.mark.parametrize(
    "text",
    [
        'id,name\ns1,"Jane Doe\ns2,John Roe\n',
        'id,name\ns1,"Jane Doe\ns2,"John Roe"\n',
        'id,name\ns1,"' + "Jane Doe\n" * 20_000,
    ],
)
def test_a_quotation_mark_that_is_never_closed_costs_no_student(tmp_path: Path, text: str) -> None:
    (tmp_path / "roster.csv").write_text(text, "utf-8")
    with pytest.raises(UsageError, match=r"roster\.csv is no CSV"):
        read_roster(tmp_path / "roster.csv")
