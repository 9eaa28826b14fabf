"""The roster, and whose a layout's names are by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.batch.finding import find_cohort
from grader.batch.records import Owner
from grader.batch.roster import Roster, read_roster
from grader.course import Course
from grader.errors import UsageError
from tests.batch.conftest import MODULE, fill

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


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "no column"), ("mark\n1\n", "no column"), ("id\na\na\n", "twice"), ("id,name\n,x\n", "without")],
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
    assert Roster([JANE, JOHN]).match(owner) == student


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
