"""What later batches into the same OUT find there: attempts, the roster, the course, and OUT itself."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.batch.cohorts import COMMAND, ROOT, SOLUTION, WRONG, Ended, batch, environment, fill_cohort, reports

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/ns").exists(), reason="a batch needs Linux")]


def _grade(folder: Path, *words: str | Path) -> Ended:
    command = [*COMMAND, *map(str, words)]
    ended = subprocess.run(
        command, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False, timeout=300
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def _rows(folder: Path) -> list[list[str]]:
    with (folder / "out" / "grades.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def test_a_worse_attempt_is_told_and_every_page_is_of_the_one_that_counts(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "in", {"kim": SOLUTION})
    assert batch(tmp_path).code == 0
    fill_cohort(tmp_path / "in", {"kim": WRONG})
    assert batch(tmp_path).code == 1
    assert batch(tmp_path).code == 1
    (report,) = reports(tmp_path).values()
    assert report["score"] == {"earned": 10, "possible": 10}
    assert any("attempt 1 of 2" in note for note in report["notes"])
    assert "1 / 1" in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_changes_by_hand_are_on_the_pages_and_go_again_when_they_are_taken_back(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "in", {"kim": SOLUTION})
    batch(tmp_path)
    before = reports(tmp_path)
    whose = ("--student", "kim", "--exercise", "exercise-3", "--why", "a reason")
    _grade(tmp_path, "book", "out", *whose, "--add", "-2")
    batch(tmp_path)
    assert reports(tmp_path)["kim"]["score"]["earned"] == 8
    told = ["Earned: 10 of 10 points", "Taken off by your instructor: 2 points"]
    assert reports(tmp_path)["kim"]["notes"][:2] == told
    assert "by hand" in (tmp_path / "out" / "index.html").read_text("utf-8")
    _grade(tmp_path, "book", "out", *whose, "--withdraw", "points")
    batch(tmp_path)
    assert reports(tmp_path) == before


def test_without_a_roster_it_is_that_of_the_last_batch(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "in", {"김민수": SOLUTION})
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\n2024101,김민수\n2024102,이영희\n", "utf-8")
    first = batch(tmp_path, "--roster", roster)
    assert "roster" not in first.err
    rows = _rows(tmp_path)
    again = batch(tmp_path)
    assert _rows(tmp_path) == rows
    assert [row[0] for row in rows] == ["2024101", "2024102"]
    assert "the roster is that of the last batch" in again.err
    roster.write_text("id,name\n2024101,김민수\n", "utf-8")
    batch(tmp_path, "--roster", roster)
    assert "missing: 0" not in batch(tmp_path).out


def test_out_inside_the_folder_is_nobodys_submission_and_the_folder_itself_is_no_out(tmp_path: Path) -> None:
    folder = fill_cohort(tmp_path / "in", {"kim": SOLUTION})
    for _ in range(2):
        ended = _grade(folder, "batch", ".", "--out", "graded")
        assert ended.code == 0, ended.out
        assert "students" in ended.out
        assert sorted(path.name for path in (folder / "graded" / "reports").iterdir()) == ["kim"]
    refused = _grade(folder, "batch", ".", "--out", ".")
    assert (refused.code, refused.err.count("\n")) == (2, 1)


def test_points_are_reckoned_by_the_course_of_the_last_batch(tmp_path: Path) -> None:
    course = tmp_path / "course"
    course.mkdir()
    for name in ("course.toml", "exercises", "solutions", "grader/checks", "grader/data"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        (course / name).parent.mkdir(exist_ok=True)
        copy(source, course / name)
    with (course / "course.toml").open("a", encoding="utf-8") as file:
        late = "per_cent_a_day = 50"
        file.write(f"[deadlines]\nexercise-3 = 2020-01-01T00:00:00\n[late]\n{late}\n")
    submission = fill_cohort(tmp_path / "in", {"kim": SOLUTION}) / "kim" / "exercise_3.py"
    os.utime(submission, (1_700_000_000, 1_700_000_000))
    batch(tmp_path, "--course", course)
    known, other = tmp_path / "elsewhere", tmp_path / "moved"
    known.mkdir()
    for words in (("book", tmp_path / "out", "--format", "csv"), ("export", "csv", tmp_path / "out")):
        shown = _grade(known, *words)
        assert shown.out == _grade(known, *words, "--course", course).out
        assert shown.err == ""
    twice = batch(tmp_path)
    assert (twice.code, twice.err.count("\n"), "--course" in twice.err) == (2, 1, True)
    assert batch(tmp_path, "--dry-run").code == 2
    assert batch(tmp_path, "--course", course).code == 0
    course.rename(other)
    gone = _grade(known, "export", "csv", tmp_path / "out")
    assert (gone.code, gone.err.count("\n"), "--course" in gone.err) == (0, 1, True)


def test_a_module_that_was_changed_later_is_a_later_attempt(tmp_path: Path) -> None:
    course = tmp_path / "in" / "submitted" / "mallory" / "exercise-3"
    course.mkdir(parents=True)
    (course / "exercise_3.py").write_text("from answers import *\n", "utf-8")
    for day, answers in ((20, "# later\n"), (25, SOLUTION)):
        (course / "answers.py").write_text(answers, "utf-8")
        (course / "timestamp.txt").write_text(f"2026-03-{day} 10:00:00 UTC", "utf-8")
        batch(tmp_path)
    shown = _grade(tmp_path, "book", "out", "--format", "json", "--exercise", "exercise-3").out
    (entry,) = json.loads(shown)["entries"]
    assert (entry["attempt"], entry["handed_in"][:10]) == (2, "2026-03-25")


def test_half_a_character_in_what_a_submission_says_costs_nobody_else_anything(tmp_path: Path) -> None:
    says = 'import warnings\nwarnings.warn("\\ud800")\ndef dense_parameter_count(inputs, units):\n'
    fill_cohort(
        tmp_path / "in",
        {
            "a": f"{says}    return 0\n",
            "b": f'{says}    raise ValueError("\\ud800")\n',
            "c": f'{says}    raise type("\\ud800", (Exception,), {{}})("x")\n',
            "d": f'{says}    return "\\ud800"\n',
            "kim": SOLUTION,
        },
    )
    ended = batch(tmp_path, "--fail-fast", "--jobs", "1", "--format", "json")
    assert (ended.code, ended.summary["graded"], ended.summary["failures"]) == (1, 5, [])
    assert reports(tmp_path)["a"]["verdict"] == "failed"


def test_who_is_in_the_gradebook_alone_is_told_and_can_be_left_out(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "in", {"김민수": SOLUTION, "lee": SOLUTION})
    batch(tmp_path)
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\n2024101,김민수\nlee,Lee\n", "utf-8")
    told = batch(tmp_path, "--roster", roster)
    assert "In the gradebook, and not in this batch" in told.out
    assert batch(tmp_path, "--format", "json").summary["others"] == ["김민수"]
    assert batch(tmp_path, "--format", "json", "--students", "lee").summary["others"] == []
    whose = ("book", "out", "--student", "김민수", "--why", "the id is 2024101")
    dropped = _grade(tmp_path, *whose, "--drop")
    assert (dropped.code, "left out of the class" in dropped.err) == (0, True)
    without = batch(tmp_path, "--format", "json").summary
    assert (without["others"], without["overview"]["students"]) == ([], 2)
    assert [row[0] for row in _rows(tmp_path)] == ["2024101", "lee"]
    assert "김민수  left out of the class" in _grade(tmp_path, "book", "out", "--history").out
    assert _grade(tmp_path, *whose, "--withdraw", "drop").code == 0
    assert _grade(tmp_path, *whose, "--withdraw", "drop").code == 2
    assert len(_grade(tmp_path, "export", "csv", "out").out.splitlines()) == 4
