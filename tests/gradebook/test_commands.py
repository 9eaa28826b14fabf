"""`grade book` and `grade export`, from the words that are typed to what stands on the screen and in files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from grader.cli.app import run
from grader.cli.rendering import FORMATS
from grader.cli.streams import error_stream
from grader.gradebook import Student, enrol, open_gradebook
from tests.gradebook.cohorts import NOON, put


class Ended(NamedTuple):
    code: int
    out: str
    err: str


Grade = Callable[..., Ended]


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as a batch leaves it: two students, one of whom handed one exercise in."""
    monkeypatch.chdir(tmp_path)
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)
    folder = tmp_path / "out"
    folder.mkdir()
    with open_gradebook(folder / "gradebook.sqlite") as book:
        put(book, Student(id="ann", name="=Ann", email="ann@x"), "exercise-1", earned=5.0, handed_in=NOON)
        put(book, "ann", "exercise-2", earned=10.0)
        put(book, "ben", "exercise-1", earned=None)
    return folder


@pytest.fixture
def grade(out: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Grade]:
    assert out.is_dir()
    error_stream.cache_clear()

    def call(*words: str | Path) -> Ended:
        code = run([str(word) for word in words])
        return Ended(code, *capsys.readouterr())

    yield call
    error_stream.cache_clear()


def edit(grade: Grade, out: Path, *words: str) -> Ended:
    return grade("book", out, "--student", "ann", "--exercise", "exercise-1", "--why", "ill", "--who", "prof", *words)


def test_shows_a_cohort_as_a_grid(grade: Grade, out: Path) -> None:
    ended = grade("book", out)
    assert ended.code == 0
    ann, ben = (line.split() for line in ended.out.splitlines() if line.startswith(("ann", "ben")))
    assert ann == ["ann", "=Ann", "5", "10", "-", "-", "-", "-", "15"]
    assert ben == ["ben", "?", "-", "-", "-", "-", "-", "0"]
    assert max(map(len, ended.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--student", "ann", "--verdict", "passed"], [("ann", "exercise-2")]),
        (["--exercise", "exercise-1"], [("ann", "exercise-1"), ("ben", "exercise-1")]),
        (["--verdict", "ungraded"], [("ben", "exercise-1")]),
        (["--missing", "--exercise", "exercise-2"], [("ben", "exercise-2")]),
        (["--late"], []),
    ],
)
def test_finds_what_is_asked_for(words: list[str], found: list[tuple[str, str]], grade: Grade, out: Path) -> None:
    told = json.loads(grade("book", out, "--format", "json", *words).out)
    assert [(entry["student"], entry["exercise"]) for entry in told["entries"]] == found
    assert grade("book", out, *words).code == 0


def test_points_deadline_comment_and_attempt_are_changed_and_taken_back(grade: Grade, out: Path) -> None:
    for words in (
        ["--add", "-1.5"],
        ["--until", "2026-03-20T12:00"],
        ["--comment", "Good"],
        ["--attempt", "1"],
    ):
        assert edit(grade, out, *words).code == 0
    (entry,) = json.loads(grade("book", out, "--format", "json", "--student", "ann", "--exercise", "exercise-1").out)[
        "entries"
    ]
    assert (entry["points"], entry["adjustment"], entry["comment"]) == (3.5, -1.5, "Good")
    assert entry["deadline"] == "2026-03-20T12:00:00Z"
    assert "3.5!" in grade("book", out).out
    assert edit(grade, out, "--withdraw", "points").code == 0
    assert "3.5" not in grade("book", out).out
    told = grade("book", out, "--history").out
    assert "by prof: ill" in told
    assert told.count("ann  exercise-1  ") == 6


def test_everyones_deadline_needs_no_student(grade: Grade, out: Path) -> None:
    words = ("--exercise", "exercise-1", "--until", "2026-03-19", "--why", "snow", "--who", "prof")
    ended = grade("book", out, *words, "--late")
    assert ended.code == 0
    assert "recorded for everyone, exercise-1: deadline by prof" in ended.err
    assert "deadline 2026-03-19 23:59" in ended.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--add", "1", "--student", "ann", "--why", "x"], "Say which exercise"),
        (["--add", "1", "--exercise", "exercise-1", "--why", "x"], "Say whose"),
        (["--add", "1", "--exercise", "exercise-1", "--student", "ann"], "Say why"),
        (["--add", "1", "--set", "2"], "Change one thing at a time: --add, --set"),
        (["--add", "much"], "--add must be a number, not much"),
        (["--exercise", "exercise-9"], "There is no exercise exercise-9"),
        (["--student", "eve"], "no student eve"),
        (["--student", ""], "no student"),
        (["--set", "-5", "--student", "ann", "--exercise", "exercise-1", "--why", "x"], "below 0"),
        (["--attempt", "3", "--student", "ann", "--exercise", "exercise-3", "--why", "x"], "has handed nothing in"),
        (["--run", "99"], "no run 99"),
        (["--verdict", "great"], "--verdict cannot be great"),
        (["--run", "1", "--format", "csv"], "cannot be written as csv"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(words: list[str], told: str, grade: Grade, out: Path) -> None:
    ended = grade("book", out, *words)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert ended.err.count("\n") == 1


def test_a_gradebook_that_is_not_there_is_not_made(grade: Grade, tmp_path: Path) -> None:
    assert "There is no gradebook" in grade("book", tmp_path / "elsewhere").err
    assert grade("book").code == 2


def test_an_earlier_report_is_shown_again(grade: Grade, out: Path) -> None:
    assert json.loads(grade("book", out, "--run", "1", "--format", "json").out)["exercise"] == "exercise-1"
    assert "The first" in grade("book", out, "--run", "1").out


def test_it_speaks_korean(grade: Grade, out: Path) -> None:
    assert "미제출" in grade("book", out, "--lang", "ko").out
    assert "이유" in edit(grade, out, "--add", "1", "--why", "", "--lang", "ko").err


def test_a_plain_table_goes_to_a_file(grade: Grade, out: Path, tmp_path: Path) -> None:
    assert grade("export", "csv", out, "--output", "grades.csv").code == 0
    assert (tmp_path / "grades.csv").read_text("utf-8").splitlines()[1] == "ann,'=Ann,ann@x,,5,10,,,,,15,60"


def test_canvas_needs_its_own_export_and_keeps_it_as_it_is(grade: Grade, out: Path, tmp_path: Path) -> None:
    assert "--into" in grade("export", "canvas", out).err
    export = "Student,ID,SIS Login ID,Section,Exercise 1 (7)\nPoints Possible,,,,10\nAnn,1,ann@x,A,\n"
    (tmp_path / "canvas.csv").write_text(export)
    words = ("export", "canvas", out, "--into", "canvas.csv", "--exercise", "exercise-1")
    assert grade(*words, "--output", "new.csv").code == 0
    assert (tmp_path / "new.csv").read_text() == export.replace("A,\n", "A,5\n")
    assert (tmp_path / "canvas.csv").read_text() == export
    assert "no column for exercise-2" in grade("export", "canvas", out, "--into", "canvas.csv").err


def test_moodle_is_told_who_has_no_row(grade: Grade, out: Path) -> None:
    ended = grade("export", "moodle", out, "--exercise", "exercise-1", "--by", "id-number")
    assert ended.out == "ID number,exercise-1 (Real),exercise-1 (Feedback)\nann,5,5 of 10 points\n"
    assert "Name one exercise" in grade("export", "moodle", out).err


@pytest.mark.parametrize("kind", ["gradescope", "junit", "classroom50"])
def test_a_file_for_each_student(kind: str, grade: Grade, out: Path, tmp_path: Path) -> None:
    if kind not in FORMATS:
        pytest.skip("no report is written in this format yet")
    assert "--output" in grade("export", kind, out).err
    assert grade("export", kind, out, "--output", "files").code == 0
    assert sorted(path.parent.name for path in (tmp_path / "files").glob("*/*")) == ["ann", "ben"]


def test_gradescope_is_told_the_points_once_and_how_they_came_about(grade: Grade, out: Path) -> None:
    words = ("--exercise", "exercise-1", "--output", out / "g")
    for change, told in (
        (("--comment", "Well done"), ["Well done"]),
        (
            ("--add", "3"),
            ["Earned: 5 of 10 points", "Added by your instructor: 3 points", "Well done"],
        ),
    ):
        assert edit(grade, out, *change).code == 0
        assert grade("export", "gradescope", out, *words).code == 0
        output = json.loads((out / "g" / "ann" / "results.json").read_text("utf-8"))["output"]
        points = {1: "5", 3: "8"}[len(told)]
        assert output.splitlines() == [f"exercise-1: partly passed · {points} of 10 points", *told]


@pytest.mark.parametrize("kind", ["gradescope", "junit", "classroom50"])
def test_points_by_hand_for_what_was_not_handed_in_are_written_or_named(
    kind: str, grade: Grade, out: Path, tmp_path: Path
) -> None:
    for student in ("ann", "zoe"):
        with open_gradebook(out / "gradebook.sqlite") as book:
            enrol(book, [Student(id=student)])
        words = ("--student", student, "--exercise", "exercise-3", "--set", "4", "--why", "ill", "--who", "prof")
        assert grade("book", out, *words).code == 0
    ended = grade("export", kind, out, "--output", "files")
    assert ended.code == 0
    folders = sorted(path.parent.name for path in (tmp_path / "files").glob("*/*"))
    if kind != "gradescope":
        assert folders == ["ann", "ben"]
        sentence = "points by hand where nothing was handed in are not written: ann (exercise-3), zoe (exercise-3)"
        assert ended.err.splitlines()[1:] == [f"grade: {sentence}"]
        return
    assert folders == ["ann", "ben", "zoe"]
    found = json.loads((tmp_path / "files" / "zoe" / "results.json").read_text("utf-8"))
    told = ["exercise-3: 4 of 10 points", "Nothing was handed in"]
    assert (found["score"], found["tests"]) == (4, [])
    assert found["output"].splitlines() == [*told, "Set by your instructor, whatever was earned: 4 points"]
    assert json.loads((tmp_path / "files" / "ann" / "results.json").read_text("utf-8"))["score"] == 5 + 10 + 4


@pytest.mark.slow
def test_the_real_command_shows_a_real_gradebook(out: Path) -> None:
    program = Path(sys.executable).with_name("grade")
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    ended = subprocess.run(
        [program, "book", out, "--format", "csv"], capture_output=True, text=True, check=True, env=environment
    )
    assert ended.stdout.splitlines()[1].startswith("ann,'=Ann,ann@x,,exercise-1,1,1,1,partial,2026-03-20T12:00:00Z,")
    assert ended.stderr == ""


def test_classroom50_is_told_whose_a_submission_is_and_when_it_was_handed_in(grade: Grade, out: Path) -> None:
    assert edit(grade, out, "--set", "2.5").code == 0
    assert grade("export", "classroom50", out, "--exercise", "exercise-1", "--output", out / "c").code == 0
    found = json.loads((out / "c" / "ann" / "result.json").read_text("utf-8"))
    assert (found["owner"], found["datetime"], found["score"]) == ("ann", "2026-03-20T12:00:00Z", 250)


@pytest.mark.parametrize("words", [["--attempt", "1.5"], ["--attempt", "0"], ["--run", "1.5"], ["--run", "x"]])
def test_numbers_of_runs_and_attempts_are_whole(grade: Grade, out: Path, words: list[str]) -> None:
    ended = edit(grade, out, *words)
    assert (ended.code, ended.out) == (2, "")
    assert "whole number" in ended.err


def test_points_added_where_nothing_was_handed_in_are_exported(grade: Grade, out: Path) -> None:
    words = ("--student", "ben", "--exercise", "exercise-2", "--why", "spoke", "--who", "prof")
    assert grade("book", out, *words, "--add", "2").code == 0
    assert grade("export", "csv", out).out.splitlines()[2] == "ben,,,,,2,,,,,2,60"


def test_more_points_than_are_possible_are_told_but_not_refused(grade: Grade, out: Path) -> None:
    for words, points in (["--set", "99"], "99"), (["--add", "7"], "12"):
        ended = edit(grade, out, *words)
        assert ended.code == 0
        told = f"ann now has {points} points for exercise-1, more than the 10 possible ones"
        assert ended.err.splitlines()[1:] == [f"grade: {told}"]
    for words in ["--add", "5"], ["--comment", "Good"], ["--withdraw", "points"]:
        assert edit(grade, out, *words).err.count("\n") == 1


def test_a_student_is_found_by_name_or_address(grade: Grade, out: Path) -> None:
    assert (
        "recorded for ann, exercise-1: comment by prof" in edit(grade, out, "--comment", "x", "--student", "=ANN").err
    )
    told = json.loads(grade("book", out, "--format", "json", "--student", "Ann@X", "--exercise", "exercise-1").out)
    assert [(entry["student"], entry["comment"]) for entry in told["entries"]] == [("ann", "x")]
    assert "ann  exercise-1  comment: x" in grade("book", out, "--history", "--student", "=Ann").out
    for words in ["--comment", "x"], ["--history"]:
        refused = edit(grade, out, *words, "--student", "Eve")
        assert (refused.code, refused.out, "no student Eve" in refused.err) == (2, "", True)


def test_changes_are_told_in_words_of_the_language(grade: Grade, out: Path) -> None:
    assert ": points set by prof" in edit(grade, out, "--set", "9").err
    assert ": 정한 점수(prof)" in edit(grade, out, "--set", "9", "--lang", "ko").err
    for words in ["--add", "1.5"], ["--comment", "Good"], ["--until", "2026-03-29"], ["--attempt", "1"]:
        assert edit(grade, out, *words).code == 0
    assert grade("book", out, "--exercise", "exercise-1", "--until", "2026-03-28", "--why", "x").code == 0
    english, korean = (grade("book", out, "--history", "--lang", language).out for language in ("en", "ko"))
    for english_words, korean_words in (
        ("points set: 9", "정한 점수: 9"),
        ("points added: 1.5", "더한 점수: 1.5"),
        ("comment: Good", "의견: Good"),
        ("extension: 2026-03-29", "연장한 마감: 2026-03-29"),
        ("deadline: 2026-03-28", "마감: 2026-03-28"),
        ("chosen attempt: 1", "인정할 제출: 1"),
    ):
        assert (english_words in english, korean_words in korean) == (True, True)
    assert not any(word in korean for word in ("set", "added", "comment", "extension", "deadline", "attempt"))


def test_a_withdrawal_is_told_as_one_and_needs_something_to_withdraw(grade: Grade, out: Path) -> None:
    refused = edit(grade, out, "--withdraw", "points")
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert "nothing to withdraw" in refused.err
    assert "taken back" not in grade("book", out, "--history").out
    assert edit(grade, out, "--add", "1").code == 0
    assert "withdrawn for ann, exercise-1: points by hand, by prof" in edit(grade, out, "--withdraw", "points").err
    assert "points by hand: taken back" in grade("book", out, "--history").out


def test_a_table_for_excel_says_that_it_is_in_utf_8(grade: Grade, out: Path) -> None:
    plain = grade("export", "csv", out)
    marked = grade("export", "csv", out, "--excel")
    assert (plain.code, marked.code, marked.out) == (0, 0, f"\ufeff{plain.out}")
    assert grade("export", "moodle", out, "--exercise", "exercise-1", "--excel").code == 2
