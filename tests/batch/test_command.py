"""`grade batch` as an instructor gives it: the real command line, checkers and confinement."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from grader.batch import held_out
from grader.cli.app import run
from tests.batch.cohorts import COMMAND, ROOT, SOLUTION, STUB, WRONG, batch, environment, fill_cohort, reports

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/ns").exists(), reason="a batch needs Linux")]
_COHORT = {"alice": SOLUTION, "bob": WRONG, "carol": SOLUTION, "dave": "def relu(:", "erin": STUB}


def _runs(folder: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "out" / "gradebook.sqlite")) as connection:
        rows = connection.execute(
            "SELECT submissions.student_id, runs.verdict FROM runs JOIN submissions ON submissions.id = submission_id"
            " ORDER BY runs.id"
        )
        return list(rows)


def test_a_whole_class_is_graded_and_out_holds_everything(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "in", _COHORT)
    ended = batch(tmp_path, "--format", "json")
    assert ended.code == 1, ended.err
    summary = ended.summary
    assert (summary["format"], summary["layout"], summary["graded"], summary["same"]) == (
        "grade-batch/1",
        "students",
        5,
        1,
    )
    found = reports(tmp_path)
    verdicts = {student: report["verdict"] for student, report in found.items()}
    assert verdicts == {
        "alice": "passed",
        "bob": "failed",
        "carol": "passed",
        "dave": "failed",
        "erin": "not_attempted",
    }
    assert found["carol"]["submission"]["path"] == "carol/exercise_3.py"
    assert found["alice"]["sandbox"]["level"] == "full"
    out = tmp_path / "out"
    assert {file.name for file in out.iterdir()} >= {"gradebook.sqlite", "grades.csv", "index.html", "reports"}
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        assert [row[0] for row in csv.reader(file)][1:] == sorted(_COHORT)
    index = (out / "index.html").read_text("utf-8")
    assert all(f"reports/{student}/exercise-3.html" in index for student in _COHORT)
    assert "index.html" not in (out / "reports" / "bob" / "exercise-3.html").read_text("utf-8")


def test_the_same_command_again_grades_only_what_has_changed(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "in", _COHORT)
    assert batch(tmp_path).code == 1
    again = batch(tmp_path, "--format", "json").summary
    assert (again["graded"], again["kept"]) == (0, 5)
    fill_cohort(tmp_path / "in", {"bob": SOLUTION + "\n"})
    changed = batch(tmp_path, "--format", "json").summary
    assert (changed["graded"], changed["kept"]) == (1, 4)
    assert reports(tmp_path)["bob"]["verdict"] == "passed"
    forced = batch(tmp_path, "--format", "json", "--regrade").summary
    assert (forced["graded"], forced["kept"]) == (5, 0)
    assert len(_runs(tmp_path)) == 11
    other_limits = batch(tmp_path, "--format", "json", "--time-limit", "5").summary
    assert other_limits["graded"] == 5


def test_a_class_that_passed_ends_with_zero(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "in", {"alice": SOLUTION})
    assert batch(tmp_path).code == 0


def test_reports_are_those_that_grading_one_by_one_gives(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "in", {"bob": WRONG})
    assert batch(tmp_path).code == 1
    alone = subprocess.run(
        [*COMMAND, "exercise-3", "bob/exercise_3.py", "--format", "json"],
        cwd=tmp_path / "in",
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(alone.stdout)
    for name in ("seconds", "usage"):
        report.pop(name)
    for check in report["checks"]:
        check.pop("seconds")
    assert reports(tmp_path)["bob"] == report


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "in", _COHORT)
    ended = batch(tmp_path, "--dry-run")
    assert ended.code == 0
    assert "to grade: 5" in ended.out
    assert "bob  exercise-3  bob/exercise_3.py" in ended.out
    assert not (tmp_path / "out").exists()


def test_a_dry_run_makes_nothing_of_an_empty_gradebook(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "in", _COHORT)
    book = tmp_path / "out" / "gradebook.sqlite"
    book.parent.mkdir()
    book.touch()
    assert batch(tmp_path, "--dry-run").code == 0
    assert [file.name for file in book.parent.iterdir()] == [book.name]
    assert book.stat().st_size == 0


def test_an_interruption_before_the_first_is_graded_still_writes_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_keeper: object, _imports: object) -> None:
        raise KeyboardInterrupt

    fill_cohort(tmp_path / "in", {"alice": SOLUTION})
    monkeypatch.setattr("grader.batch.keeping.Keeper.make_ready", interrupt)
    assert run(["batch", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--lang", "en"]) == 130
    assert "Stopped" in capsys.readouterr().out
    assert (tmp_path / "out" / "index.html").is_file()
    assert "alice" in (tmp_path / "out" / "grades.csv").read_text("utf-8")


def test_students_and_exercises_narrow_it_down(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "in", _COHORT)
    ended = batch(tmp_path, "--students", "alice,bob", "--students", "dave", "--exercise", "exercise-3")
    assert ended.code == 1
    assert set(reports(tmp_path)) == {"alice", "bob", "dave"}
    assert batch(tmp_path, "--students", "nobody").code == 2


def test_missing_students_and_strangers_are_told(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "in", {"alice": SOLUTION, "mallory": SOLUTION})
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name,email,section\nalice,앨리스,a@example.edu,1\nzoe,Zoë,z@example.edu,2\n", "utf-8")
    ended = batch(tmp_path, "--roster", roster, "--format", "json")
    assert (ended.summary["missing"], ended.summary["strangers"]) == (["zoe"], ["mallory"])
    assert "zoe" in (tmp_path / "out" / "grades.csv").read_text("utf-8")
    korean = batch(tmp_path, "--roster", roster, "--lang", "ko")
    assert "zoe (Zoë)" in korean.out
    assert "제출" in korean.out


def test_what_cannot_be_read_is_a_row_with_its_reason(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "in", {"alice": SOLUTION})
    folder = tmp_path / "in" / "bob"
    folder.mkdir()
    os.mkfifo(folder / "exercise_3.py")
    (tmp_path / "in" / "carol").mkdir()
    (tmp_path / "in" / "carol" / "exercise_3.ipynb").write_text("{", "utf-8")
    (tmp_path / "in" / "dan").mkdir()
    (tmp_path / "in" / "dan" / "exercise_3.py").symlink_to("/etc/passwd")
    ended = batch(tmp_path, "--format", "json")
    assert ended.code == 1, ended.err
    unreadable = {problem["student"]: problem["reason"] for problem in ended.summary["unreadable"]}
    assert {"bob", "dan"} <= set(unreadable)
    assert all(unreadable.values())
    assert "root:" not in (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "bob" in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_a_folder_without_submissions_and_a_place_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    assert batch(tmp_path).code == 2
    fill_cohort(tmp_path / "in", {"alice": SOLUTION})
    (tmp_path / "out").write_text("a file", "utf-8")
    refused = batch(tmp_path)
    assert refused.code == 2
    assert len(refused.err.strip().splitlines()) == 1
    assert "is a file" in refused.err
    without = subprocess.run(
        [*COMMAND, "batch", "in"], cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert (without.returncode, "--out" in without.stderr) == (2, True)


def test_a_zip_archive_is_read_in_place(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "class", {"alice": SOLUTION, "bob": WRONG})
    shutil.make_archive(str(tmp_path / "class"), "zip", tmp_path / "class")
    ended = subprocess.run(
        [*COMMAND, "batch", "class.zip", "--out", "out"], cwd=tmp_path, env=environment(tmp_path), check=False
    )
    assert ended.returncode == 1
    assert {student: report["verdict"] for student, report in reports(tmp_path).items()} == {
        "alice": "passed",
        "bob": "failed",
    }


def _slow(number: int) -> str:
    return f"import time\n\n{WRONG}    # {number}\n".replace("    return", "    time.sleep(0.2)\n    return")


def _begin(folder: Path) -> subprocess.Popen[bytes]:
    """A batch of slow submissions that has kept some of them and is in the middle of the others."""
    fill_cohort(folder / "in", {f"student{number:02}": _slow(number) for number in range(16)})
    process = subprocess.Popen(
        [*COMMAND, "batch", "in", "--out", "out", "--jobs", "2"],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    # The files of a report come before its run is recorded, and only what is recorded is done.
    while len(list((folder / "out").glob("reports/*/*.json"))) < 3 or len(_runs(folder)) < 3:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    return process


def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(tmp_path: Path) -> None:
    process = _begin(tmp_path)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert b"Traceback" not in err
    assert b"Stopped." in out
    kept = len(_runs(tmp_path))
    assert 3 <= kept < 16
    assert (tmp_path / "out" / "index.html").is_file()
    rest = batch(tmp_path, "--format", "json").summary
    assert (rest["kept"], rest["graded"]) == (kept, 16 - kept)
    assert len({student for student, _verdict in _runs(tmp_path)}) == len(_runs(tmp_path)) == 16


def test_kill_9_costs_only_what_was_running(tmp_path: Path) -> None:
    process = _begin(tmp_path)
    process.kill()
    process.communicate()
    kept = len(_runs(tmp_path))
    assert kept >= 3
    rest = batch(tmp_path, "--format", "json").summary
    assert rest["kept"] == kept
    assert len({student for student, _verdict in _runs(tmp_path)}) == len(_runs(tmp_path)) == 16
    assert len(reports(tmp_path)) == 16


def test_two_batches_do_not_write_to_one_folder_at_once(tmp_path: Path) -> None:
    fill_cohort(tmp_path / "in", {"alice": SOLUTION})
    with held_out(tmp_path / "out"):
        second = batch(tmp_path)
        assert (second.code, second.out) == (2, "")
        assert f"process {os.getpid()}" in second.err
        assert len(second.err.strip().splitlines()) == 1
        assert batch(tmp_path, "--dry-run").code == 0
    assert batch(tmp_path).code == 0


def test_a_folder_of_another_course_is_refused_by_batch_book_and_export(tmp_path: Path) -> None:
    course = tmp_path / "course"
    shutil.copytree(ROOT / "examples" / "neighbours", course)
    fill_cohort(tmp_path / "in", {"alice": SOLUTION})
    assert batch(tmp_path).code == 0
    for words in (
        ["batch", str(tmp_path / "in"), "--out", str(tmp_path / "out")],
        ["book", str(tmp_path / "out")],
        ["export", "csv", str(tmp_path / "out")],
    ):
        ended = subprocess.run(
            [*COMMAND, *words, "--course", str(course)],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ended.returncode, ended.stdout) == (2, ""), ended.stderr
        assert "--course" in ended.stderr
        assert len(ended.stderr.strip().splitlines()) == 1


def test_a_folder_that_may_only_be_read_is_refused_before_anything_is_graded(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("a file system can be mounted by root only")
    fill_cohort(tmp_path / "in", {"alice": SOLUTION})
    (tmp_path / "out").mkdir()
    mounted = subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(tmp_path / "out")], check=False)
    if mounted.returncode != 0:
        pytest.skip("this system mounts nothing")
    try:
        ended = batch(tmp_path)
    finally:
        subprocess.run(["/bin/umount", str(tmp_path / "out")], check=True)
    assert ended.code == 2
    assert "read-only" in ended.err.lower()
    assert len(ended.err.strip().splitlines()) == 1


def _broken_course(folder: Path) -> Path:
    """A course whose one check raises whatever it is given."""
    course = folder / "course"
    shutil.copytree(ROOT / "exercises", course / "exercises")
    (course / "checks").mkdir()
    (course / "course.toml").write_text(
        'format = "grade-course/1"\nlanguages = ["en"]\nseed = 1\n[title]\nen = "T"\n[[exercises]]\nid = "exercise-3"\n'
        'stem = "exercise_3"\nfolder = "exercises/exercise-3"\nchecks = "checks/test_it.py"\npoints = 1\n'
        '[exercises.title]\nen = "T"\n[exercises.functions]\ndense_parameter_count = 1\n',
        "utf-8",
    )
    check = course / "checks" / "test_it.py"
    check.write_text(
        "from grader.checking import check\n\n\n@check('dense_parameter_count', points=1, title='It works')\n"
        "def test_it(student):\n    raise RuntimeError('broken')\n",
        "utf-8",
    )
    return course


def test_the_first_failure_of_the_grader_stops_a_batch_that_is_to_fail_fast(tmp_path: Path) -> None:
    course = _broken_course(tmp_path)
    fill_cohort(tmp_path / "in", {f"s{number}": f"{WRONG}# {number}\n" for number in range(6)})
    ended = batch(tmp_path, "--course", course, "--fail-fast", "--jobs", "1", "--format", "json")
    assert ended.code == 3, ended.err
    assert (ended.summary["graded"], len(ended.summary["failures"]), ended.summary["left"]) == (0, 1, 5)
    assert len(_runs(tmp_path)) == 1
    text = batch(tmp_path, "--course", course, "--fail-fast", "--jobs", "1").out
    assert "not come to yet: 5" in text
    assert "Stopped." in text


def test_a_grader_that_fails_takes_no_points_and_tries_again(tmp_path: Path) -> None:
    course = _broken_course(tmp_path)
    fill_cohort(tmp_path / "in", {"alice": SOLUTION, "bob": WRONG})
    broken = batch(tmp_path, "--course", course, "--format", "json")
    assert broken.code == 3, broken.err
    assert {report["verdict"] for report in reports(tmp_path).values()} == {"ungraded"}
    assert {verdict for _student, verdict in _runs(tmp_path)} == {"ungraded"}
    told = {(one["student"], one["path"]) for one in broken.summary["failures"]}
    assert told == {("alice", "alice/exercise_3.py"), ("bob", "bob/exercise_3.py")}
    again = batch(tmp_path, "--course", course)
    assert again.code == 3
    assert "graded: 0 · the grader failed at: 2" in again.out
    assert "they have no score" in again.out


def test_a_grader_that_fails_at_what_had_points_leaves_them_and_says_so(tmp_path: Path) -> None:
    course = _broken_course(tmp_path)
    check = course / "checks" / "test_it.py"
    broken = check.read_text("utf-8")
    fill_cohort(tmp_path / "in", {"alice": SOLUTION})
    check.write_text(broken.replace("raise RuntimeError('broken')", "pass"), "utf-8")
    assert batch(tmp_path, "--course", course).code == 0
    check.write_text(broken, "utf-8")
    again = batch(tmp_path, "--course", course, "--format", "json")
    assert (again.code, len(again.summary["failures"]), again.summary["graded"]) == (3, 1, 0)
    assert again.summary["overview"]["exercises"][0]["mean"] == 1
    assert reports(tmp_path)["alice"]["verdict"] == "passed"


def test_a_full_disk_loses_nothing_and_is_told_in_one_line(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("a small file system can be mounted by root only")
    small = tmp_path / "out"
    small.mkdir()
    if (
        subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(small)], check=False).returncode
        != 0
    ):
        pytest.skip("this system mounts nothing")
    try:
        fill_cohort(tmp_path / "in", {f"s{number}": WRONG + f"# {number}\n" for number in range(12)})
        ended = batch(tmp_path)
        assert ended.code == 2, ended.err
        assert "space" in ended.err or "full" in ended.err, ended.err
        assert "Traceback" not in ended.err
        subprocess.run(["/bin/mount", "-o", "remount,size=100m", str(small)], check=True)
        kept = len(_runs(tmp_path))
        rest = batch(tmp_path, "--format", "json").summary
        assert (rest["kept"], rest["graded"]) == (kept, 12 - kept)
        assert len(reports(tmp_path)) == 12
    finally:
        subprocess.run(["/bin/umount", str(small)], check=True)
