"""Files for other programs: nothing of a platform's own is lost, and no name becomes a formula."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.exports import (
    canvas_csv,
    counted,
    counting_reports,
    defused,
    entries_csv,
    entries_json,
    folder_name,
    history_csv,
    history_json,
    moodle_csv,
    moodle_filled,
    number,
    plain_csv,
)
from grader.exports.matching import rows_of
from grader.exports.sheets import Sheet
from grader.gradebook import (
    Change,
    ChangeKind,
    Entry,
    Gradebook,
    LatePolicy,
    Policy,
    Student,
    enrol,
    entries,
    history,
    record_change,
)
from grader.language import Translator
from grader.records import Verdict
from tests.gradebook.cohorts import HOSTILE_NAMES, NOON, a_course, a_report, an_exercise, put

ENGLISH = Translator.english()
ONE, TWO = an_exercise(), an_exercise("two", "The second")
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,The first (4711),Essay (4712),two (4713),Final Score
,,,,,Manual Posting,,,
    Points Possible,,,,,10,100,10,(read only)
"Lee, Ann",101,s1,ann@x,A,,88,3,91
"=cmd()",102,s2,ben@x,"A, and B",2,77,4,80
"Student, Test",999,,,A,,,,
"""
MOODLE = """\
First name,Last name,ID number,Email address,Assignment: The first (Real),Assignment: The first (Feedback),Quiz (Real)
Ann,Lee,s1,Ann@x,-,,7.00
Ben,Oh,s2,ben@x,2.00,"old, text",8.00
"""


def rows(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def an_entry(student: str | Student, points: float | None = 7.5, exercise: str = "one", **more: object) -> Entry:
    who = student if isinstance(student, Student) else Student(id=student)
    entry = Entry(
        student=who, exercise=exercise, run=1, verdict=Verdict.PARTIAL, earned=points, points=points, possible=10.0
    )
    return msgspec.structs.replace(entry, **more)


def test_a_plain_table_has_a_row_a_student_and_a_column_an_exercise() -> None:
    ann = Student(id="ann", name="Ann", email="ann@x", section="A")
    table = [an_entry(ann), an_entry(ann, 10.0, "two"), an_entry("ben", None), an_entry("ben", 1 / 3, "two")]
    assert plain_csv(table) == (
        "student,name,email,section,one,two,total,possible\nann,Ann,ann@x,A,7.5,10,17.5,20\nben,,,,,0.33,0.33,20\n"
    )


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
def test_no_name_breaks_a_table_or_becomes_a_formula(name: str) -> None:
    name = name.replace("\udc80", "?")
    table = [an_entry(Student(id=name, name=name, email=name, section=name), comment=name)]
    for text in (plain_csv(table), entries_csv(table)):
        header, row = rows(text)
        assert len(header) == len(row)
        assert row[0].replace("'", "") == name.replace("'", "").replace("\0", r"\x00")
        assert row[0][0] not in "=+-@\t\r\n"
    assert json.loads(entries_json(table))["entries"][0]["name"] == name


@given(st.text())
def test_what_is_defused_is_no_formula_and_loses_nothing(text: str) -> None:
    safe = defused(text)
    read = re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), safe)
    written_out = re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), text)
    assert read.replace("'", "") == written_out.replace("'", "")
    for cell in re.split("[;\t]", safe):
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert not re.search("[\x00-\x08\x1b\x7f\x9b]", safe)


def test_points_are_written_short() -> None:
    assert [number(value) for value in (None, 0.0, -0.001, 10.0, 7.5, 2 / 3)] == ["", "0", "0", "10", "7.5", "0.67"]


def test_canvas_gets_its_own_export_back_with_our_points() -> None:
    table = [an_entry("101"), an_entry("ben@x", 9.0), an_entry("101", None, "two"), an_entry("stranger")]
    filled = canvas_csv("\ufeff" + CANVAS.replace("\n", "\r\n"), table, [ONE, TWO], file="c.csv")
    before, after = rows(CANVAS), rows(filled.text)
    kept = [0, 1, 2, 3, 4, 5, 7]
    expected = [[row[column] for column in kept] for row in before]
    expected[3][5], expected[4][5], expected[4][0] = "7.5", "9", "'=cmd()"
    assert after == expected
    assert filled.strangers == ("stranger",)


def test_canvas_is_filled_twice_as_once() -> None:
    table = [an_entry("101"), an_entry("102", 9.0)]
    once = canvas_csv(CANVAS, table, [ONE], file="c.csv").text
    assert canvas_csv(once, table, [ONE], file="c.csv").text == once


def test_canvas_may_separate_with_semicolons() -> None:
    text = canvas_csv(
        CANVAS.replace('"A, and B"', "A").replace(",", ";").replace("; ", ", "), [an_entry("101")], [ONE], file="c"
    )
    assert rows(text.text, ";")[3][5] == "7.5"


def test_canvas_with_other_points_possible_is_refused_or_scaled() -> None:
    export = CANVAS.replace(",,10,100,10,", ",,20,100,10,")
    assert export != CANVAS
    with pytest.raises(UsageError, match="one gives 10 points here and 20 in"):
        canvas_csv(export, [], [ONE], file="c.csv")
    assert rows(canvas_csv(export, [an_entry("101")], [ONE], file="c.csv", scale=True).text)[3][5] == "15"


@pytest.mark.parametrize(
    ("export", "told"),
    [
        (
            CANVAS.replace("The first (4711)", "Other (4711)"),
            "c.csv has no column for one. Name the one for its points with --column one=NAME",
        ),
        (CANVAS.replace("Essay (4712)", "The first (4712)"), "c.csv has several columns for one"),
        (CANVAS.replace("Points Possible", "Points"), "Points Possible is missing"),
        (CANVAS.replace(",ID,", ",Id,"), "ID is missing"),
        (CANVAS.replace(",10,100", ",,100"), "has no points possible"),
        (CANVAS.replace("102,s2", "102,101"), "101 cannot be told from somebody else"),
        (CANVAS + "a,b,c,d,e,f,g,h,i,j,k\n", "more cells than its header"),
        ('Student,"ID\n', "is no CSV"),
        ("", "is empty"),
    ],
)
def test_what_canvas_would_misread_is_refused(export: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        canvas_csv(export, [an_entry("101")], [ONE], file="c.csv")
    assert told in str(caught.value)


def test_a_column_of_another_name_can_be_said_but_not_made_up() -> None:
    text = canvas_csv(CANVAS, [an_entry("101")], [ONE], file="c", columns={"one": "Essay (4712)"}, scale=True).text
    assert (rows(text)[0][5], rows(text)[3][5]) == ("Essay (4712)", "75")
    with pytest.raises(UsageError, match=r"no column New \(1\) for the points of one; there are: The first"):
        canvas_csv(CANVAS, [], [ONE], file="c", columns={"one": "New (1)"})


def test_two_students_never_share_a_row() -> None:
    with pytest.raises(UsageError, match="cannot be told"):
        canvas_csv(CANVAS, [an_entry("101"), an_entry("ann@x")], [ONE], file="c.csv")


def test_moodle_gets_points_and_feedback_together() -> None:
    table = [
        an_entry(Student(id="s1", email="Ann@x"), 6.0, earned=7.5, days_late=2, factor=0.8, comment="=Well done"),
        an_entry(Student(id="s2", email="ben@x"), None),
        an_entry("no-address"),
    ]
    filled = moodle_csv(table, ONE, ENGLISH, key="email")
    feedback = "6 of 10 points\nEarned: 7.5 of 10 points\nDays late: 2; 80 % of that counts: 6 points\n=Well done"
    assert rows(filled.text) == [["Email address", "one (Real)", "one (Feedback)"], ["Ann@x", "6", feedback]]
    assert filled.strangers == ("no-address",)
    assert [row[0] for row in rows(moodle_csv(table, ONE, ENGLISH, key="id-number").text)] == [
        "ID number",
        "s1",
        "no-address",
    ]


def test_moodle_students_with_one_address_are_refused() -> None:
    table = [an_entry(Student(id=name, email="a@x")) for name in ("ann", "ben")]
    with pytest.raises(UsageError, match="Two students have the address a@x"):
        moodle_csv(table, ONE, ENGLISH, key="email")


def test_moodles_own_export_comes_back_with_nothing_else_changed() -> None:
    table = [an_entry(Student(id="1", email="Ann@x")), an_entry(Student(id="2", email="eve@x"), 9.0)]
    filled = moodle_filled(MOODLE, table, [ONE], ENGLISH, file="m.csv", key="email")
    expected = rows(MOODLE)
    expected[1][4:6] = ["7.5", "7.5 of 10 points"]
    assert rows(filled.text) == expected
    assert filled.strangers == ("2",)
    by_number = moodle_filled(MOODLE, [an_entry("s2", 9.0)], [ONE], ENGLISH, file="m.csv", key="id-number")
    assert rows(by_number.text)[2][4:6] == ["9", "9 of 10 points"]


@pytest.mark.parametrize(
    ("there", "students", "rows_found"),
    [
        (("Ann@x", "ben@x"), ("ANN@X", "BEN@x"), {"ANN@X": 0, "BEN@x": 1}),
        (("Ann@x", "ann@x"), ("ann@x", "Ann@x"), {"ann@x": 1, "Ann@x": 0}),
        (("Ann@x", "ann@x"), ("ANN@x",), {}),
        (("ann@x",), ("Ann@x", "ann@x"), {"ann@x": 0}),
        (("ANN@x",), ("Ann@x", "ann@x"), {}),
        (("Ann",), ("ann",), {}),
    ],
)
def test_case_tells_ids_apart_and_addresses_only_where_nothing_else_does(
    there: tuple[str, ...], students: tuple[str, ...], rows_found: dict[str, int]
) -> None:
    sheet = Sheet(header=("key",), rows=tuple((key,) for key in there))
    owners = [Student(id=f"s{number}", email=address) for number, address in enumerate(students)]
    found = rows_of(owners, sheet, [0], range(len(there)), "t.csv")
    assert {owner.email: found[owner.id] for owner in owners if owner.id in found} == rows_found
    ids = [Student(id=address) for address in students]
    assert rows_of(ids, sheet, [0], range(len(there)), "t.csv") == rows_found


def test_moodle_without_feedback_is_refused() -> None:
    with pytest.raises(UsageError, match="no column of feedback"):
        moodle_filled(MOODLE.replace("(Feedback)", "(Letter)x"), [], [ONE], ENGLISH, file="m.csv", key="email")
    with pytest.raises(UsageError, match="no column Email address"):
        moodle_filled(MOODLE.replace("Email address", "이메일"), [], [ONE], ENGLISH, file="m.csv", key="email")


def test_history_is_told_to_programs(book: Gradebook) -> None:
    put(book, earned=5.0)
    record_change(
        book,
        Change(kind=ChangeKind.EXTENSION, student="ann", exercise="one", value=NOON, who="prof", why="=ill", when=NOON),
    )
    told = json.loads(history_json(history(book)))
    assert told["format"] == "grade-book/1"
    assert {(event["what"], event["value"], event["earned"]) for event in told["history"]} == {
        ("run", None, 5.0),
        ("extension", NOON.isoformat(), None),
    }
    assert "'=ill" in history_csv(history(book))


def test_reports_by_student_have_the_points_that_count(book: Gradebook) -> None:
    put(book, earned=5.0)
    put(book, exercise="two", earned=8.0)
    put(book, "ben", earned=None)
    change = Change(kind=ChangeKind.ADD, student="ann", exercise="one", value=2.0, who="p", why="w", when=NOON)
    record_change(book, change)
    found = dict(counting_reports(book, entries(book, a_course(), Policy()), ENGLISH))
    assert [report.score and report.score.earned for report in found["ann"]] == [7.0, 8.0]
    assert [report.notes for report in found["ann"]] == [
        ("Earned: 5 of 10 points", "Added by your instructor: 2 points"),
        (),
    ]
    assert [report.score for report in found["ben"]] == [None]


@pytest.mark.parametrize(
    ("earned", "days", "change", "points", "told"),
    [
        (3.5, 0, None, 3.5, []),
        (3.5, 1, None, 3.15, ["Earned: 3.5 of 10 points", "Days late: 1; 90 % of that counts: 3.15 points"]),
        (
            3.5,
            1,
            (ChangeKind.ADD, 1.5),
            4.65,
            [
                "Earned: 3.5 of 10 points",
                "Days late: 1; 90 % of that counts: 3.15 points",
                "Added by your instructor: 1.5 points",
            ],
        ),
        (
            3.5,
            1,
            (ChangeKind.SET, 8.0),
            8.0,
            [
                "Earned: 3.5 of 10 points",
                "Days late: 1; 90 % of that counts: 3.15 points",
                "Set by your instructor, whatever was earned: 8 points",
            ],
        ),
        (
            3.5,
            0,
            (ChangeKind.ADD, -4.0),
            0.0,
            ["Earned: 3.5 of 10 points", "Taken off by your instructor: 4 points", "Points never fall below 0"],
        ),
        (
            None,
            0,
            (ChangeKind.SET, 4.0),
            4.0,
            ["Nothing was handed in", "Set by your instructor, whatever was earned: 4 points"],
        ),
        (3.5, 0, (ChangeKind.COMMENT, "Well done"), 3.5, ["Well done"]),
    ],
    ids=["as earned", "late", "added", "set", "taken off", "nothing handed in", "comment"],
)
def test_notes_and_feedback_say_how_points_came_about(
    book: Gradebook,
    *,
    earned: float | None,
    days: int,
    change: tuple[ChangeKind, float | str] | None,
    points: float,
    told: list[str],
) -> None:
    enrol(book, [Student(id="ann", email="ann@x")])
    if earned is not None:
        put(book, earned=earned, handed_in=NOON + timedelta(days=days))
    if change is not None:
        kind, value = change
        record_change(
            book,
            Change(kind=kind, student="ann", exercise="one", value=value, who="prof", why="=secret", when=NOON),
        )
    policy = Policy(late=LatePolicy(per_cent_a_day=10.0), deadlines={"one": NOON})
    table = entries(book, a_course(ONE), policy)
    assert table[0].points == pytest.approx(points)
    filled = rows(moodle_csv(table, ONE, ENGLISH, key="email").text)
    assert filled[1][1:] == [number(points), "\n".join([f"{number(points)} of 10 points", *told])]
    assert [list(counted(a_report(), entry, ENGLISH).notes) for entry in table] == [told]


def test_being_late_without_a_cost_is_told_as_that(book: Gradebook) -> None:
    put(book, earned=3.5, handed_in=NOON + timedelta(days=1))
    table = entries(book, a_course(ONE), Policy(deadlines={"one": NOON}))
    assert counted(a_report(), table[0], ENGLISH).notes == ("Days late: 1; nothing is taken off",)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_student_never_writes_outside_of_a_folder(student: str) -> None:
    name = folder_name(student)
    assert name
    assert not set(name) & set('/\\:*?"<>|\x00\n')
    assert name.strip(". ") == name
    assert len(name) <= 120
    assert len(name.encode()) <= 200
    assert unicodedata.is_normalized("NFC", name)


def test_a_folder_of_a_korean_name_can_be_read() -> None:
    assert folder_name("김민준 (20230001)") == "김민준 (20230001)"
    assert folder_name("Zoë") == "Zoë"
    assert folder_name("김" * 100).startswith("김" * 50)


def test_different_students_have_different_folders() -> None:
    ids = [
        "a/b",
        "a%2Fb",
        "..",
        ".",
        "%2E%2E",
        "x" * 300,
        "x" * 301,
        "ann",
        "ann ",
        "김",
        unicodedata.normalize("NFD", "김"),
        "김" * 99,
        "김" * 98,
    ]
    assert len({folder_name(name) for name in ids}) == len(ids)
