"""`grade EXERCISE` and `grade all`: what is graded, how it is written, and how the program ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import ConfinementError, CourseError
from grader.language import Text, _
from grader.records import Verdict
from grader.report import read_report
from tests.cli.conftest import Ended, FakeGrader

Grade = Callable[..., Ended]
SOLUTION = "def build_hidden_layer(): ...\n"


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict.PASSED, 0),
        (Verdict.PARTIAL, 1),
        (Verdict.FAILED, 1),
        (Verdict.NOT_ATTEMPTED, 1),
        (Verdict.UNGRADED, 3),
    ],
)
def test_the_exit_code_says_how_it_went(
    verdict: Verdict, code: int, grade: Grade, folder: Path, grader_of_nothing: FakeGrader
) -> None:
    (folder / "exercise_2.py").write_text(SOLUTION)
    grader_of_nothing.verdicts["exercise-2"] = verdict
    ended = grade("exercise-2")
    assert ended.code == code
    assert ended.out.startswith("exercise-2  The two-layer model")
    assert ended.err == ""


def test_json_is_all_there_is_on_standard_output(grade: Grade, folder: Path, grader_of_nothing: FakeGrader) -> None:
    (folder / "exercise_2.py").write_text(SOLUTION)
    ended = grade("exercise-2", "--format", "json")
    assert read_report(ended.out.encode()).verdict is Verdict.PASSED
    assert grader_of_nothing.asked == [("exercise-2", None)]


def test_the_options_reach_the_grader(grade: Grade, folder: Path, grader_of_nothing: FakeGrader) -> None:
    (folder / "mine.py").write_text(SOLUTION)
    words = ("exercise-2", "mine.py", "--lang", "ko", "--sandbox", "required", "--time-limit", "2.5")
    assert grade(*words).code == 0
    options = grader_of_nothing.options
    assert options is not None
    assert (options.language, options.sandbox, options.time_limit) == ("ko", "required", 2.5)
    assert grader_of_nothing.asked == [("exercise-2", Path("mine.py"))]


def test_options_may_come_first(grade: Grade, folder: Path, grader_of_nothing: FakeGrader) -> None:
    (folder / "exercise_2.py").write_text(SOLUTION)
    assert grade("--format", "json", "exercise-2").code == 0
    assert grader_of_nothing.asked == [("exercise-2", None)]


@pytest.mark.parametrize(
    "place", ["exercise_2.py", "exercises/exercise-2/exercise_2.py", "exercise-2/exercise_2.ipynb"]
)
def test_the_file_is_found_in_a_students_own_folder(
    place: str, grade: Grade, folder: Path, grader_of_nothing: FakeGrader
) -> None:
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    (folder / place).write_text(SOLUTION)
    assert grade("exercise-2").code == 0
    assert grader_of_nothing.asked


def test_output_goes_to_a_file(grade: Grade, folder: Path, grader_of_nothing: FakeGrader) -> None:
    (folder / "exercise_2.py").write_text(SOLUTION)
    ended = grade("exercise-2", "--output", "report.txt")
    assert ended == (0, "", "")
    assert "한 unit" not in (folder / "report.txt").read_text("utf-8")
    assert (folder / "report.txt").read_text("utf-8").startswith("exercise-2")
    assert grader_of_nothing.asked


def test_an_output_that_cannot_be_written_stops_before_grading(
    grade: Grade, folder: Path, grader_of_nothing: FakeGrader
) -> None:
    (folder / "exercise_2.py").write_text(SOLUTION)
    ended = grade("exercise-2", "--output", "missing/report.txt")
    assert ended.code == 2
    assert ended.err == "grade: There is no folder missing; make it first.\n"
    assert grader_of_nothing.asked == []


@pytest.mark.parametrize("name", ["exercise_2.py", "other.py", "new.ipynb", "NEW.PY", "course.toml", "link.txt"])
def test_a_report_is_never_written_over_code(
    name: str, grade: Grade, folder: Path, grader_of_nothing: FakeGrader
) -> None:
    for file in ("exercise_2.py", "other.py"):
        (folder / file).write_text(SOLUTION)
    (folder / "link.txt").symlink_to(folder / "exercise_2.py")
    ended = grade("exercise-2", "--output", name)
    assert ended.code == 2
    assert "would be overwritten by the report" in ended.err
    assert (folder / "exercise_2.py").read_text() == SOLUTION
    assert grader_of_nothing.asked == []


def test_an_earlier_report_is_replaced(grade: Grade, folder: Path, grader_of_nothing: FakeGrader) -> None:
    (folder / "exercise_2.py").write_text(SOLUTION)
    for _again in range(2):
        assert grade("exercise-2", "--format", "json", "--output", "report.json").code == 0
    assert read_report((folder / "report.json").read_bytes()).verdict is Verdict.PASSED
    assert len(grader_of_nothing.asked) == 2


def test_the_language_may_stand_anywhere(grade: Grade, folder: Path, grader_of_nothing: FakeGrader) -> None:
    (folder / "exercise_2.py").write_text(SOLUTION)
    pages = {grade(*words).out for words in (("--lang", "ko", "list"), ("list", "--lang", "ko"), ("--lang=ko", "list"))}
    assert len(pages) == 1
    assert grade("--lang", "ko", "exercise-2").code == 0
    assert grader_of_nothing.options is not None
    assert grader_of_nothing.options.language == "ko"


def test_help_is_the_same_page_wherever_the_language_stands(grade: Grade) -> None:
    for words in ((), ("list",), ("exercise-2",)):
        orders = (
            ("--lang", "ko", *words, "--help"),
            (*words, "--lang", "ko", "--help"),
            (*words, "--help", "--lang", "ko"),
            (*words, "--help", "--lang=ko"),
        )
        pages = {grade(*order) for order in orders}
        assert len(pages) == 1
        assert pages.pop().code == 0


USAGE_ERRORS = [
    (("exercise-9",), "There is no exercise exercise-9. This course has exercise-1, exercise-2,"),
    (("exercise",), "There is no exercise exercise. This course has exercise-1,"),
    (("exercise-22",), "There is no exercise exercise-22. This course has exercise-1,"),
    (("2",), "did you mean exercise-2?"),
    (("exercize-2",), "did you mean exercise-2?"),
    (("lsit",), "There is no command lsit; did you mean `grade list`?"),
    (("solution.py",), "Name the exercise first, then the file: `grade EXERCISE solution.py`."),
    (("exercise-2",), "There is no exercise_2.py or exercise_2.ipynb in"),
    (("exercise-2", "nope.py"), "There is no nope.py"),
    (("exercise-2", ""), "An empty path was given"),
    (("exercise-2", "a.py", "b.py"), "There is one word too many: b.py."),
    (("exercise-2", "--nope"), "There is no option --nope."),
    (("exercise-2", "--outputt", "x"), "did you mean --output?"),
    (("exercise-2", "--output"), "--output needs a value. See"),
    (("exercise-2", "--lang"), "--lang needs a value. See"),
    (("exercise-2", "--no-color=1"), "--no-color takes no value."),
    (("--version=1",), "--version takes no value."),
    (("exercise-2", "exercise-3"), "`grade exercise-2`, then `grade exercise-3`. `grade all` grades all."),
    (("exercises/exercise-2",), "did you mean exercise-2?"),
    (("show", "exercises/exercise-2/"), "did you mean exercise-2?"),
    (("exercise-2", "--format", "xml"), "--format cannot be xml. Choose one of: text, json"),
    (("exercise-2", "--sandbox", "maybe"), "--sandbox cannot be maybe. Choose one of: auto, required, off."),
    (("exercise-2", "--lang", "fr"), "The language fr is not known here. Choose one of: en, ko."),
    (("exercise-2", "--course", "nope"), "nope"),
    (("all",), "There is no submission for any exercise in"),
    (("all", "nope.py"), "There is no nope.py"),
    (("show",), "EXERCISE is missing."),
    (("--nope",), "--nope"),
    ((), "Say what to grade"),
    *[(("exercise-2", "--time-limit", limit), f"not {limit}.") for limit in ("0", "-1", "nan", "inf", "1e9", "soon")],
]


@pytest.mark.parametrize(("words", "said"), USAGE_ERRORS)
def test_a_command_that_cannot_be_used_is_one_line(words: tuple[str, ...], said: str, grade: Grade) -> None:
    ended = grade(*words)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.startswith("grade: ")
    assert ended.err.count("\n") == 1
    assert said in ended.err


def test_another_exercises_folder_may_hold_the_file(grade: Grade, folder: Path, grader_of_nothing: FakeGrader) -> None:
    (folder / "exercise-3").mkdir()
    assert "One exercise at a time is graded" in grade("exercise-2", "exercise-3").err
    (folder / "exercise-3" / "exercise_2.py").write_text(SOLUTION)
    assert grade("exercise-2", "exercise-3").code == 0
    assert grader_of_nothing.asked == [("exercise-2", Path("exercise-3"))]


def test_a_hostile_word_is_shown_harmless(grade: Grade) -> None:
    ended = grade("ex\x1b[31m\nercise")
    assert ended.code == 2
    assert "\x1b" not in ended.err
    assert ended.err.count("\n") == 1


def test_errors_speak_the_language_that_was_asked_for(grade: Grade) -> None:
    assert any("가" <= character <= "힣" for character in grade("exercise-9", "--lang", "ko").err)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ConfinementError(_("No confinement here.")), 3, "grade: No confinement here.\n"),
        (CourseError(_("The course is damaged.")), 2, "grade: The course is damaged.\n"),
        (KeyboardInterrupt(), 130, "stopped"),
        (ZeroDivisionError("oh"), 3, "grade: The grader failed (ZeroDivisionError); no score was given"),
    ],
)
def test_a_grader_that_fails_is_one_line_and_no_traceback(
    *,
    error: BaseException,
    code: int,
    said: str,
    grade: Grade,
    folder: Path,
    grader_of_nothing: FakeGrader,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    (folder / "exercise_2.py").write_text(SOLUTION)
    grader_of_nothing.error = error
    ended = grade("exercise-2")
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err
    assert "Traceback" not in ended.err
    kept = list(folder.glob("grade-failure-*.txt"))
    assert len(kept) == isinstance(error, ZeroDivisionError)
    assert all("ZeroDivisionError: oh" in file.read_text("utf-8") for file in kept)


def test_a_traceback_is_shown_to_who_asks_for_it(
    grade: Grade, folder: Path, grader_of_nothing: FakeGrader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADE_DEBUG", "1")
    (folder / "exercise_2.py").write_text(SOLUTION)
    grader_of_nothing.error = ZeroDivisionError("oh")
    assert "ZeroDivisionError: oh" in grade("exercise-2").err


def test_all_is_every_exercise_that_is_there(grade: Grade, folder: Path, grader_of_nothing: FakeGrader) -> None:
    (folder / "exercise_2.py").write_text(SOLUTION)
    (folder / "exercise_5.ipynb").write_text("{}")
    ended = grade("all")
    assert ended.code == 1
    assert [exercise for exercise, _path in grader_of_nothing.asked] == ["exercise-2", "exercise-5"]
    assert ended.out.count("no file") == 4
    assert "2 of 6 exercises passed" in ended.out


def test_all_passes_when_everything_does(grade: Grade, folder: Path, grader_of_nothing: FakeGrader) -> None:
    for number in range(1, 7):
        (folder / f"exercise_{number}.py").write_text(SOLUTION)
    assert grade("all").code == 0
    grader_of_nothing.verdicts["exercise-6"] = Verdict.UNGRADED
    assert grade("all").code == 3


def test_all_of_one_notebook(grade: Grade, folder: Path, grader_of_nothing: FakeGrader) -> None:
    (folder / "everything.ipynb").write_text("{}")
    assert grade("all", "everything.ipynb").code == 0
    assert {path for _exercise, path in grader_of_nothing.asked} == {Path("everything.ipynb")}
    grader_of_nothing.asked.clear()
    assert grade("all", ".").code == 0
    assert len(grader_of_nothing.asked) == 6


def test_all_as_json_is_a_list_and_tells_what_is_missing(
    grade: Grade, folder: Path, grader_of_nothing: FakeGrader
) -> None:
    (folder / "exercise_2.py").write_text(SOLUTION)
    ended = grade("all", "--format", "json")
    assert [report["exercise"] for report in json.loads(ended.out)] == ["exercise-2"]
    assert ended.err.count("no file") == 5
    assert grader_of_nothing.asked


def test_steps_are_not_printed_where_nobody_watches(grade: Grade, folder: Path, grader_of_nothing: FakeGrader) -> None:
    (folder / "exercise_2.py").write_text(SOLUTION)

    def with_steps(course: object, exercise: object, path: Path | None, *, options: object, progress: object) -> object:
        assert callable(progress)
        progress(Text("Thinking…"))
        return original(course, exercise, path, options=options, progress=progress)  # type: ignore[arg-type]

    import grader.grading  # noqa: PLC0415

    original = grader_of_nothing.grade_submission
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grader.grading, "grade_submission", with_steps)
        assert grade("exercise-2").err == ""
        assert grade("exercise-2", "--verbose").err == "Thinking…\n"
