"""`grade hint`: help in steps, remembered between runs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.cli.keeping import Kept, after_run, open_step, read_kept, write_kept
from grader.course import Course, builtin_folder, read_course
from grader.records import Outcome, Report, SubmissionFacts, Verdict
from tests.cli.conftest import Ended, FakeGrader, a_report

Grade = Callable[..., Ended]
STEPS = ("A nudge.", "A pointer.", "Nearly the answer.")


def a_run(outcome: Outcome = Outcome.FAILED, *, content: str = "00", hints: tuple[str, ...] = STEPS) -> Report:
    report = a_report(verdict=Verdict.PASSED if outcome is Outcome.PASSED else Verdict.FAILED)
    check = msgspec.structs.replace(report.checks[0], outcome=outcome, hints=hints, message="It is wrong.")
    return msgspec.structs.replace(
        report, checks=(check,), submission=SubmissionFacts(path="exercise_2.py", sha256=content * 32)
    )


@pytest.fixture
def course(folder: Path) -> Course:
    assert folder.is_dir()
    return read_course(builtin_folder())


def test_each_call_goes_one_step_further(grade: Grade, course: Course) -> None:
    write_kept(course, "exercise-2", after_run(None, a_run()))
    first, second, third, fourth = (grade("hint", "exercise-2").out for _ in range(4))
    assert "1/3 A nudge." in first
    assert "A pointer." not in first
    assert "One step further: `grade hint exercise-2` again." in first
    assert "A nudge." in second
    assert "2/3 A pointer." in second
    assert "3/3 Nearly the answer." in third
    assert "That was the last step." in third
    assert fourth == third


@pytest.mark.parametrize("asked", [(), ("--lang", "en"), ("--lang", "ko")])
def test_help_is_all_in_the_language_of_the_run(asked: tuple[str, ...], grade: Grade, course: Course) -> None:
    korean = msgspec.structs.replace(a_run(), language="ko")
    write_kept(course, "exercise-2", after_run(None, korean))
    out = grade("hint", "exercise-2", *asked).out
    assert "한 단계 더 보려면" in out
    assert "One step further" not in out


def test_who_asks_for_another_language_than_that_of_the_run_is_told_how_to_get_it(grade: Grade, course: Course) -> None:
    write_kept(course, "exercise-2", after_run(None, a_run()))
    assert grade("hint", "exercise-2").err == ""
    assert grade("hint", "exercise-2", "--lang", "en").err == ""
    ended = grade("hint", "exercise-2", "--lang", "ko")
    assert "That was the last step." in ended.out
    assert "`--lang ko`" in ended.err
    assert any("가" <= character <= "힣" for character in ended.err)


def test_that_all_is_well_is_said_in_the_language_that_was_asked_for(grade: Grade, course: Course) -> None:
    write_kept(course, "exercise-2", after_run(None, a_run(Outcome.PASSED)))
    ended = grade("hint", "exercise-2", "--lang", "ko")
    assert any("가" <= character <= "힣" for character in ended.out)
    assert ended.err == ""


def test_help_begins_anew_once_the_check_has_passed(grade: Grade, course: Course) -> None:
    write_kept(course, "exercise-2", after_run(None, a_run()))
    for _call in range(3):
        grade("hint", "exercise-2")
    kept = read_kept(course, "exercise-2")
    assert kept is not None
    kept = after_run(kept, a_run(Outcome.PASSED, content="11"))
    write_kept(course, "exercise-2", kept)
    assert "Nothing needs help here" in grade("hint", "exercise-2").out
    write_kept(course, "exercise-2", after_run(kept, a_run(content="22")))
    assert "A pointer." not in grade("hint", "exercise-2").out


def test_a_step_opens_after_runs_of_a_changed_file() -> None:
    kept = after_run(None, a_run(content="00"))
    check = kept.report.checks[0]
    after = (1, 2, 4)
    kept, shown, missing = open_step(kept, check, 3, after)
    assert (shown, missing) == (1, 1)
    kept, shown, missing = open_step(kept, check, 3, after)
    assert (shown, missing) == (1, 1)
    kept = after_run(kept, a_run(content="00"))  # the same file again
    assert open_step(kept, check, 3, after)[1:] == (1, 1)
    kept = after_run(kept, a_run(content="11"))
    kept, shown, missing = open_step(kept, check, 3, after)
    assert (shown, missing) == (2, 2)


@given(
    attempts=st.integers(0, 12),
    opened=st.integers(0, 6),
    steps=st.integers(0, 5),
    after=st.lists(st.integers(0, 8), max_size=4).map(tuple),
)
def test_no_step_is_opened_too_early_nor_taken_back(
    attempts: int, opened: int, steps: int, after: tuple[int, ...]
) -> None:
    report = a_run()
    check = report.checks[0]
    kept = Kept(report=report, attempts={check.id: attempts}, opened={check.id: opened})
    later, shown, missing = open_step(kept, check, steps, after)
    assert min(opened, steps) <= shown <= min(opened + 1, steps)
    assert later.opened[check.id] == shown
    assert missing >= 0
    if missing:
        assert shown < steps


def test_a_course_says_when_a_step_opens(grade: Grade, folder: Path) -> None:
    (folder / "course.toml").write_text(COURSE.replace("[title]", "[hints]\nafter = [1, 3]\n[title]"))
    make_course(folder)
    course = read_course(folder)
    assert course.hints_after == (1, 3)
    write_kept(course, "exercise-2", after_run(None, a_run()))
    assert "1/3 A nudge." in grade("hint", "exercise-2").out
    again = grade("hint", "exercise-2").out
    assert "A pointer." not in again
    assert "The next step opens after more runs of a changed file: 2." in again


def test_a_check_without_steps_has_its_one_hint(grade: Grade, course: Course) -> None:
    report = a_run(hints=())
    check = msgspec.structs.replace(report.checks[0], hint="Look at the units.")
    write_kept(course, "exercise-2", after_run(None, msgspec.structs.replace(report, checks=(check,))))
    assert "1/1 Look at the units." in grade("hint", "exercise-2").out
    write_kept(course, "exercise-2", after_run(None, report))
    assert "There is no more help with this check." in grade("hint", "exercise-2").out


def test_help_with_one_function(grade: Grade, course: Course) -> None:
    report = a_run()
    other = msgspec.structs.replace(report.checks[0], id="other", function="build_layer", hints=("Another nudge.",))
    write_kept(course, "exercise-2", after_run(None, msgspec.structs.replace(report, checks=(*report.checks, other))))
    assert "1/1 Another nudge." in grade("hint", "exercise-2", "build_layer").out
    assert "1/3 A nudge." in grade("hint", "exercise-2").out
    ended = grade("hint", "exercise-2", "build_layerr")
    assert (ended.code, ended.out) == (2, "")
    assert "did you mean build_layer?" in ended.err


def a_run_of(file: Path, outcome: Outcome) -> Report:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return msgspec.structs.replace(a_run(outcome), submission=SubmissionFacts(path=str(file), sha256=digest))


@pytest.mark.parametrize("place", ["exercise_2.py", "exercises/exercise-2/exercise_2.py"])
def test_what_passed_is_not_said_of_another_text(place: str, grade: Grade, course: Course, folder: Path) -> None:
    file = Path(place)
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x = 1\n")
    write_kept(course, "exercise-2", after_run(None, a_run_of(file, Outcome.PASSED)))
    assert "Nothing needs help here" in grade("hint", "exercise-2").out
    file.write_text("x = 2\n")
    ended = grade("hint", "exercise-2")
    said = f"{place} has changed since it was graded last, or was never graded. First: `grade exercise-2`.\n"
    assert (ended.code, ended.out) == (0, said)


def test_help_with_an_earlier_text_says_so(grade: Grade, course: Course) -> None:
    file = Path("exercise_2.py")
    file.write_text("x = 1\n")
    write_kept(course, "exercise-2", after_run(None, a_run_of(file, Outcome.FAILED)))
    assert "has changed" not in grade("hint", "exercise-2").out
    file.write_text("x = 2\n")
    out = grade("hint", "exercise-2").out
    assert "exercise_2.py has changed since it was graded last" in out
    assert "What follows is about the text that was graded last." in out
    assert "A nudge." in out


def test_a_file_of_another_name_is_compared_where_it_was_graded(grade: Grade, course: Course) -> None:
    Path("exercise_2.py").write_text("raise NotImplementedError\n")
    file = Path("my a3.py")
    file.write_text("x = 1\n")
    write_kept(course, "exercise-2", after_run(None, a_run_of(file, Outcome.PASSED)))
    assert "Nothing needs help here" in grade("hint", "exercise-2").out
    file.write_text("x = 2\n")
    assert "First: `grade exercise-2 'my a3.py'`." in grade("hint", "exercise-2").out


def test_a_text_that_was_graded_elsewhere_is_not_the_one_here(grade: Grade, course: Course, tmp_path: Path) -> None:
    elsewhere = tmp_path / "there" / "exercise_2.py"
    elsewhere.parent.mkdir()
    elsewhere.write_text("x = 1\n")
    write_kept(course, "exercise-2", after_run(None, a_run_of(elsewhere, Outcome.PASSED)))
    assert "Nothing needs help here" in grade("hint", "exercise-2").out  # no file here that could be meant
    Path("exercise_2.py").write_text("x = 2\n")
    assert "exercise_2.py has changed since it was graded last, or was never" in grade("hint", "exercise-2").out


@pytest.mark.parametrize("name", ["a3.py", "a3.ipynb"])
def test_a_file_is_not_taken_for_a_function(name: str, grade: Grade, course: Course) -> None:
    write_kept(course, "exercise-2", after_run(None, a_run()))
    ended = grade("hint", "exercise-2", name)
    assert (ended.code, ended.out) == (2, "")
    assert f"{name} is a file; help is with what was graded last: `grade hint exercise-2`" in ended.err
    assert "such as build_model." in ended.err


def test_there_is_no_help_before_a_run(grade: Grade) -> None:
    ended = grade("hint", "exercise-2")
    assert ended.code == 2
    assert ended.err == "grade: There is no run of exercise-2 yet. First: `grade exercise-2`.\n"
    assert grade("hint", "exercise-9").code == 2
    assert grade("hint").code == 2


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"format": "grade-state/2"}', b"[" * 100_000])
def test_a_damaged_memory_is_no_memory(content: bytes, grade: Grade, course: Course, tmp_path: Path) -> None:
    write_kept(course, "exercise-2", after_run(None, a_run()))
    (file,) = (tmp_path / "state").rglob("exercise-2.json")
    file.write_bytes(content)
    assert read_kept(course, "exercise-2") is None
    assert grade("list").code == 0


def test_a_folder_that_cannot_be_written_costs_the_memory_only(
    grade: Grade, folder: Path, grader_of_nothing: FakeGrader, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "exercise_2.py").write_text("x = 1\n")
    (folder / "a_file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "a_file"))
    assert grade("exercise-2").code == 0
    assert grader_of_nothing.asked


def test_hostile_steps_are_shown_harmless(grade: Grade, course: Course) -> None:
    report = a_run(hints=("\x1b]0;owned\x07[red]",))
    write_kept(course, "exercise-2", after_run(None, report))
    assert "\x1b" not in grade("hint", "exercise-2").out


def test_the_list_tells_the_last_run(grade: Grade, folder: Path, grader_of_nothing: FakeGrader) -> None:
    file = folder / "exercise_2.py"
    file.write_text("def build_model():\n    return 1\n")
    grade("exercise-2")
    assert grader_of_nothing.asked
    assert "1/1 before your last change" in grade("list").out  # the fake's sum is not the file's


COURSE = """
format = "grade-course/1"
languages = ["en", "ko"]
[title]
en = "A course"
ko = "과정"
[[exercises]]
id = "exercise-2"
stem = "exercise_2"
folder = "first"
checks = "checks.py"
points = 1
title = { en = "Two", ko = "둘" }
functions = { build_model = 1 }
"""


def make_course(folder: Path) -> None:
    """The files that `COURSE` names."""
    (folder / "first").mkdir()
    for name in ("exercise_2.py", "README.md", "README.ko.md"):
        (folder / "first" / name).write_text("")
    (folder / "checks.py").write_text("")


def test_a_course_may_speak_a_language_of_its_own(grade: Grade, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "course.toml").write_text(COURSE.replace("[title]", 'language = "ko"\n[title]', 1))
    make_course(folder)
    assert "과정" in grade("list").out
    assert "A course" in grade("list", "--lang", "en").out
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert "A course" in grade("list").out
    (folder / "course.toml").write_text(COURSE.replace("[title]", 'language = "fr"\n[title]', 1))
    assert "language is fr, which is not among languages" in grade("list").err
