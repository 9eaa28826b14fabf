"""Reports as terminal pages: what they say, and that nothing foreign can break them."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from grader.language import Text, Translator
from grader.records import (
    CheckReport,
    Environment,
    LayerTable,
    Location,
    Metric,
    Outcome,
    Points,
    Report,
    SandboxFacts,
    SandboxLevel,
    Score,
    SubmissionFacts,
    Usage,
)
from grader.report import NoSubmission, render_overview, render_text

PAGES = Path(__file__).parent / "pages"
ENGLISH = Translator.english()
HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
SGR = re.compile(r"\x1b\[[0-9;]*m")


class Korean(Translator):
    """Says everything in Hangul, twice as wide as it is long."""

    def render(self, text: Text | str) -> str:
        return text if isinstance(text, str) else "가나다 라마바사" * 3


@pytest.mark.parametrize("name", ["partial", "passed", "unwritten", "ungraded"])
def test_looks_as_recorded(name: str, request: pytest.FixtureRequest) -> None:
    report = request.getfixturevalue(f"{name}_report")
    assert render_text(report, ENGLISH, height=30) == (PAGES / f"{name}.txt").read_text(encoding="utf-8")


def test_a_usual_page_fits_a_screen(partial_report: Report) -> None:
    page = render_text(partial_report, ENGLISH, width=80, height=24)
    assert len(page.splitlines()) <= 22
    failed = next(check for check in partial_report.checks if check.outcome is Outcome.FAILED)
    assert str(failed.message) in page
    assert "→ " in page
    assert "✔ build_hidden_layer, build_output_layer " in page


def test_passed_checks_are_one_line_for_a_function(partial_report: Report) -> None:
    page = render_text(partial_report, ENGLISH, height=40)
    assert "build_hidden_layer  3 of 3 passed" in page
    assert "It has 100 units" not in page
    assert "It has 100 units" in render_text(partial_report, ENGLISH, verbose=True)


def test_the_line_to_look_at_is_one_that_terminals_link(partial_report: Report) -> None:
    assert "    exercises/exercise-2/exercise_2.py:18\n" in render_text(partial_report, ENGLISH)


def test_what_is_missing_is_said_once_for_a_function(unwritten_report: Report) -> None:
    page = render_text(unwritten_report, ENGLISH)
    assert page.count("batches_per_epoch is not written yet.") == 1
    assert page.count("Replace its") == 1
    assert "Next: write dense_parameter_count" in page


def test_ungraded_says_that_nothing_is_lost(ungraded_report: Report) -> None:
    page = render_text(ungraded_report, ENGLISH)
    assert "nothing is lost" in page
    assert "0/1" not in page
    assert "Next:" not in page


def test_ascii_signs_where_the_output_has_no_others(partial_report: Report) -> None:
    assert render_text(partial_report, ENGLISH, unicode=False).isascii()


def test_no_escape_sequence_without_colour(partial_report: Report) -> None:
    assert "\x1b" not in render_text(partial_report, ENGLISH)
    colored = render_text(partial_report, ENGLISH, color=True)
    assert SGR.sub("", colored) == render_text(partial_report, ENGLISH)


def test_foreign_markup_is_text(partial_report: Report) -> None:
    check = partial_report.checks[0]
    hostile = CheckReport(
        **{name: getattr(check, name) for name in check.__struct_fields__}
        | {"outcome": Outcome.FAILED, "observed": "[red]\x1b]0;owned\x07[/red]"}
    )
    page = render_text(with_checks(partial_report, (hostile,)), ENGLISH)
    assert r"[red]\x1b]0;owned\x07[/red]" in page


def with_checks(report: Report, checks: tuple[CheckReport, ...]) -> Report:
    return Report(**{name: getattr(report, name) for name in report.__struct_fields__} | {"checks": checks})


def test_one_reason_for_many_functions_is_explained_once(unwritten_report: Report) -> None:
    checks = tuple(
        CheckReport(
            **{name: getattr(check, name) for name in check.__struct_fields__}
            | {"message": "The file has a syntax error.", "location": None}
        )
        for check in unwritten_report.checks
    )
    page = render_text(with_checks(unwritten_report, checks), ENGLISH)
    assert page.count("The file has a syntax error.") == 1
    assert "the same reason" not in page
    assert page.index("The file has a syntax error.") < page.index("dense_parameter_count")


def test_a_line_that_cannot_be_read_is_shown_though_it_is_a_definition(unwritten_report: Report) -> None:
    checks = tuple(
        msgspec.structs.replace(
            check,
            outcome=Outcome.FAILED,
            message="A colon is missing.",
            source="def relu(z)",
            location=Location(file="exercise_2.py", line=3),
        )
        for check in unwritten_report.checks
    )
    page = render_text(with_checks(unwritten_report, checks), ENGLISH)
    assert page.count("│ def relu(z)\n") == 1


def test_a_place_that_is_too_long_loses_its_folder(partial_report: Report) -> None:
    assert "    exercises/exercise-2/exercise_2.py:18\n" in render_text(partial_report, ENGLISH, width=80)
    assert "    exercise_2.py:18\n" in render_text(partial_report, ENGLISH, width=40)


def test_one_reason_for_some_functions_is_explained_once(unwritten_report: Report) -> None:
    checks = tuple(
        msgspec.structs.replace(check, message="It raised.", location=None)
        if check.function != "batches_per_epoch"
        else check
        for check in unwritten_report.checks
    )
    page = render_text(with_checks(unwritten_report, checks), ENGLISH)
    assert page.count("It raised.") == 1
    assert page.count("For the same reason as dense_parameter_count.") == 2


def test_no_check_has_the_same_reason_as_itself(unwritten_report: Report) -> None:
    page = render_text(unwritten_report, ENGLISH, verbose=True)
    assert "as dense_parameter_count" not in page
    assert page.count("For the same reason.") == 8


def test_a_note_that_stands_beside_a_check_is_not_repeated(partial_report: Report) -> None:
    told = "build_model must end with 10 outputs, one for each class."
    notes = (f"exercise_2.py, line 18: {told}", "Something else.")
    report = msgspec.structs.replace(partial_report, notes=notes)
    assert render_text(report, ENGLISH, height=40).count(told) == 1
    assert "Something else." in render_text(report, ENGLISH, height=40)
    assert "exercise_2.py, line 18: build_model" in render_text(report, ENGLISH, verbose=True)


@pytest.mark.parametrize("functions", [1, 2, 3, 4, 5, 6, 7])
def test_each_failing_function_is_on_the_first_screen_with_its_reason_and_a_hint(
    functions: int, partial_report: Report
) -> None:
    failed = next(check for check in partial_report.checks if check.outcome is Outcome.FAILED)
    many = tuple(
        msgspec.structs.replace(
            failed,
            id=str(index),
            function=f"function_{index % functions}",
            message=f"Reason {index}.",
            hint=f"Hint {index}.",
        )
        for index in range(24)
    )
    report = with_checks(partial_report, many)
    page = render_text(report, ENGLISH)
    assert len(page.splitlines()) <= 22
    for index in range(functions):
        assert f"Reason {index}." in page
        assert f"Hint {index}." in render_text(report, ENGLISH, height=32)
    assert "Hint 0." in page
    assert f"Reason {functions}." not in page
    assert "more with --verbose" in page
    assert "Next: change build_model" in page
    whole = render_text(report, ENGLISH, verbose=True)
    assert whole.count("expected") == 24
    assert "more with --verbose" not in whole


def test_a_submission_that_was_only_read_was_not_run(unwritten_report: Report) -> None:
    sandbox = SandboxFacts(level=SandboxLevel.FULL, layers=("not_executed",))
    report = Report(
        **{name: getattr(unwritten_report, name) for name in unwritten_report.__struct_fields__} | {"sandbox": sandbox}
    )
    assert "Your code was read, not run" in render_text(report, ENGLISH)


def test_skipped_checks_of_a_function_are_one_line(partial_report: Report) -> None:
    skipped = next(check for check in partial_report.checks if check.outcome is Outcome.SKIPPED)
    page = render_text(with_checks(partial_report, (*partial_report.checks[1:], skipped, skipped)), ENGLISH, height=40)
    assert re.search(r"3 checks were skipped, because one that they need did not pass +0/9\n", page)
    assert "It learns to tell the classes apart" not in page


def test_layers_stand_in_columns_at_any_width(partial_report: Report) -> None:
    failed = next(check for check in partial_report.checks if check.outcome is Outcome.FAILED)
    head, rows = ("Layer", "Output shape", "Parameters"), (("Dense, 100, sigmoid", "(None, 100)", "78,500"),)
    tables = (
        LayerTable(
            role="expected",
            head=head,
            rows=(*rows, ("Dense, 10, softmax", "(None, 10)", "1,010")),
            total=("Total", "", "79,510"),
            differing=(1,),
        ),
        LayerTable(
            role="observed",
            head=head,
            rows=(*rows, ("a_layer_with_a_long_name (Dense, 10, linear)", "(None, 10)", "1,010")),
            total=("Total", "", "79,510"),
            differing=(1,),
        ),
    )
    report = with_checks(partial_report, (msgspec.structs.replace(failed, tables=tables),))
    for width in (60, 80, 100):
        lines = render_text(report, ENGLISH, width=width, height=40).splitlines()
        assert sum(line.endswith("78,500") for line in lines) == 2
        assert sum(line.endswith("1,010") for line in lines) == 2
        assert sum("• " in line and line.endswith("1,010") for line in lines) == 2
    assert "Output shape" in render_text(report, ENGLISH, height=40)


def test_where_room_is_short_only_the_layers_that_differ_are_shown(partial_report: Report) -> None:
    failed = next(check for check in partial_report.checks if check.outcome is Outcome.FAILED)
    rows = tuple((f"Dense, {units}, relu", "", "1") for units in range(6))
    tables = tuple(
        LayerTable(role=role, head=("Layer", "", ""), rows=rows, total=("Total", "", "6"), differing=(4,))
        for role in ("expected", "observed")
    )
    report = with_checks(partial_report, (msgspec.structs.replace(failed, tables=tables),))
    page = render_text(report, ENGLISH)
    assert page.count("• Dense, 4, relu") == 2
    assert "Dense, 3, relu" not in page
    assert page.count("Dense, 3, relu") + render_text(report, ENGLISH, height=40).count("Dense, 3, relu") == 2


def test_functions_that_were_not_run_share_a_line_where_room_is_short(partial_report: Report) -> None:
    failed = next(check for check in partial_report.checks if check.outcome is Outcome.FAILED)
    waiting = tuple(
        msgspec.structs.replace(
            failed,
            id=f"w{index}",
            function=f"waiting_{index}",
            outcome=Outcome.NOT_RUN,
            message=f"waiting_{index} is not written yet.",
            expected=None,
            observed=None,
            hint=None,
        )
        for index in range(4)
    )
    report = with_checks(partial_report, (failed, *waiting))
    assert "○ waiting_0, waiting_1, waiting_2, waiting_3  not run" in render_text(report, ENGLISH)
    assert "waiting_2 is not written yet." in render_text(report, ENGLISH, height=40)


def test_the_line_of_a_definition_is_not_repeated(partial_report: Report) -> None:
    failed = next(check for check in partial_report.checks if check.outcome is Outcome.FAILED)
    vague = CheckReport(
        **{name: getattr(failed, name) for name in failed.__struct_fields__} | {"source": "def build_model():"}
    )
    page = render_text(with_checks(partial_report, (vague,)), ENGLISH)
    assert "exercise_2.py:18" in page
    assert "def build_model" not in page


def test_notes_are_capped(partial_report: Report) -> None:
    notes = tuple(f"note {index}" for index in range(9))
    report = Report(
        **{name: getattr(partial_report, name) for name in partial_report.__struct_fields__} | {"notes": notes}
    )
    page = render_text(report, ENGLISH, height=30)
    assert "note 1" in page
    assert "note 2" not in page
    assert "More notes with --verbose: 7" in page
    assert "note 8" in render_text(report, ENGLISH, verbose=True)


def test_the_overview_lists_nothing_of_what_was_not_started(unwritten_report: Report, passed_report: Report) -> None:
    read_only = SandboxFacts(level=SandboxLevel.FULL, layers=("not_executed",))
    unwritten = msgspec.structs.replace(unwritten_report, sandbox=read_only)
    page = render_overview([passed_report, unwritten], ENGLISH)
    assert "not started yet" in page
    assert "batches_per_epoch" not in page
    assert "Your code ran fully confined" in page
    assert "was read, not run" not in page
    assert "was read, not run" in render_overview([unwritten], ENGLISH)


def test_the_overview_has_a_line_for_each_exercise(partial_report: Report, passed_report: Report) -> None:
    missing = NoSubmission(exercise="exercise-3", title="Parameters", reason=None)
    damaged = NoSubmission(exercise="exercise-4", title="Layers", reason="exercise_4.ipynb is no notebook.")
    page = render_overview([passed_report, partial_report, missing, damaged], ENGLISH)
    assert "build_model: The output layer has one unit for each class" in page
    assert re.search(r"exercise-3  Parameters +no file\n", page)
    assert "exercise_4.ipynb is no notebook." in page
    assert "1 of 4 exercises passed, 9 of 14 points" in page
    assert "Next: see what is missing with `grade exercise-2`." in page


hostile_text = st.one_of(
    st.text(max_size=80),
    st.text(st.sampled_from("가한日😀é\u0301\u200d\ufe0f\x1b[31m\u202e\ud800\t\n\r \u3000"), max_size=200),
)
optional_text = st.none() | hostile_text
number = st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 10).map(float)
location = st.none() | st.builds(Location, file=hostile_text, line=st.integers(), cell=st.none() | st.integers())
cells = st.lists(hostile_text, max_size=4).map(tuple)
table = st.builds(
    LayerTable,
    head=cells,
    rows=st.lists(cells, max_size=5).map(tuple),
    total=cells,
    differing=st.lists(st.integers(), max_size=3).map(tuple),
)
check = st.builds(
    CheckReport,
    id=hostile_text,
    function=hostile_text,
    title=hostile_text,
    points=st.builds(Points, earned=number, possible=number),
    message=optional_text,
    expected=optional_text,
    observed=optional_text,
    hint=optional_text,
    location=location,
    source=optional_text,
    tables=st.lists(table, max_size=2).map(tuple),
    hints=st.lists(hostile_text, max_size=3).map(tuple),
    seconds=number,
)
metric = st.builds(Metric, name=hostile_text, split=hostile_text, value=number, threshold=st.none() | number)
hostile_report = st.builds(
    Report,
    exercise=hostile_text,
    title=hostile_text,
    language=hostile_text,
    submission=st.builds(SubmissionFacts, path=hostile_text, sha256=hostile_text),
    score=st.none() | st.builds(Score, earned=number, possible=number),
    checks=st.lists(check, max_size=6).map(tuple),
    next_step=optional_text,
    notes=st.lists(hostile_text, max_size=6).map(tuple),
    metrics=st.lists(metric, max_size=6).map(tuple),
    sandbox=st.builds(SandboxFacts, layers=st.lists(hostile_text, max_size=4).map(tuple)),
    usage=st.builds(Usage, wall_seconds=number, cpu_seconds=number, peak_memory_bytes=st.integers()),
    environment=st.builds(
        Environment, grader=hostile_text, python=hostile_text, tensorflow=optional_text, keras=optional_text
    ),
    seconds=number,
)


@settings(max_examples=150, deadline=None)
@given(
    report=hostile_report,
    width=st.integers(40, 110),
    color=st.booleans(),
    unicode=st.booleans(),
    verbose=st.booleans(),
    korean=st.booleans(),
)
def test_never_raises_and_never_leaves_its_width(
    report: Report, *, width: int, color: bool, unicode: bool, verbose: bool, korean: bool
) -> None:
    translator = Korean("ko", ()) if korean else ENGLISH
    pages = (
        render_text(report, translator, width=width, color=color, unicode=unicode, verbose=verbose),
        render_overview([report, report], translator, width=width, color=color, unicode=unicode),
    )
    for page in pages:
        plain = SGR.sub("", page) if color else page
        assert not {unicodedata.category(character) for character in plain.replace("\n", "")} & HIDDEN
        assert max(map(cell_len, plain.split("\n"))) <= min(width, 100)
