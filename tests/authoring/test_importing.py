from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.authoring import import_course
from grader.authoring.nbgrader import read_nbgrader
from grader.authoring.otter import read_otter
from grader.checking import collect_checks
from grader.course import Course
from grader.errors import UsageError
from grader.grading import GradingOptions, Session
from grader.records import Outcome, Verdict, Visibility
from grader.submission import FunctionState, read_submission
from tests.project.files import ROOT

ASSIGNMENTS = [ROOT / "examples/nbgrader/temperatures.ipynb", ROOT / "examples/otter/primes.ipynb"]


def cells_of(file: Path) -> list[Any]:
    return [{**cell, "source": "".join(cell["source"])} for cell in json.loads(file.read_text("utf-8"))["cells"]]


def checks_of(course: Course) -> dict[str, tuple[str, float, Visibility]]:
    return {
        check.id: (check.function, check.points, check.visibility)
        for exercise in course.exercises
        for check in collect_checks(exercise.checks)
    }


def test_an_assignment_of_nbgrader_keeps_its_points_and_what_is_hidden(tmp_path: Path) -> None:
    course, (imported,) = import_course(ASSIGNMENTS[0], tmp_path / "course")
    assert checks_of(course) == {
        "test_values_shown": ("to_fahrenheit", 0.0, Visibility.PUBLIC),
        "test_values": ("to_fahrenheit", 2.0, Visibility.HIDDEN),
        "test_too_cold": ("to_fahrenheit", 1.0, Visibility.PUBLIC),
        "test_warmest_hour": ("warmest", 2.0, Visibility.PUBLIC),
    }
    assert course.exercises[0].points == {"to_fahrenheit": 3.0, "warmest": 2.0}
    assert {one.name: one.points for one in imported.left_out} == {"moon": 2.0, "uses_it": 1.0}


def test_an_assignment_of_otter_keeps_its_points_and_what_is_hidden(tmp_path: Path) -> None:
    course, (imported,) = import_course(ASSIGNMENTS[1], tmp_path / "course")
    assert checks_of(course) == {
        "test_q1_1": ("primes", 1.0, Visibility.PUBLIC),
        "test_q1_2": ("primes", 1.0, Visibility.HIDDEN),
        "test_q1_3": ("primes", 1.0, Visibility.HIDDEN),
        "test_q2_1": ("mean_gap", 1.0, Visibility.PUBLIC),
    }
    assert [(one.name, one.points) for one in imported.left_out] == [("q3", 2.0)]


@pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda path: path.stem)
def test_stubs_have_no_solution_and_solutions_no_marks(assignment: Path, tmp_path: Path) -> None:
    course, _imported = import_course(assignment, tmp_path / "course")
    exercise = course.exercises[0]
    stub = read_submission(exercise.stub, functions=exercise.functions)
    assert {facts.state for facts in stub.functions.values()} == {FunctionState.UNFILLED}
    solution = (course.folder / "solutions" / exercise.id / f"{exercise.stem}.py").read_text("utf-8")
    assert "SOLUTION" not in solution
    assert "otter" not in solution
    assert "raise NotImplementedError" not in solution


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda path: path.stem)
def test_solutions_pass_and_every_check_fails_on_a_wrong_answer(assignment: Path, tmp_path: Path) -> None:
    course, _imported = import_course(assignment, tmp_path / "course")
    exercise = course.exercises[0]
    wrong = sorted((tmp_path / "course/checks/wrong" / exercise.id).glob("*.py"))
    with Session(course, GradingOptions()) as session:
        solved = session.grade(exercise, course.folder / "solutions" / exercise.id)
        reports = [session.grade(exercise, file) for file in wrong]
    assert [check.message for check in solved.checks if check.outcome is not Outcome.PASSED] == []
    assert solved.verdict is Verdict.PASSED
    failed = {check.id for report in reports for check in report.checks if check.outcome is Outcome.FAILED}
    assert failed == {check.id for check in solved.checks}


def test_a_folder_of_notebooks_becomes_an_exercise_each(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for file in ASSIGNMENTS:
        (source / file.name).write_bytes(file.read_bytes())
    course, imported = import_course(source, tmp_path / "course")
    assert [exercise.id for exercise in course.exercises] == ["primes", "temperatures"]
    assert [one.format for one in imported] == ["otter-grader", "nbgrader"]


def test_what_sets_variables_is_named_as_left_out() -> None:
    metadata = {"nbgrader": {"grade": False, "solution": True, "grade_id": "answer"}}
    cells = [{"cell_type": "code", "metadata": metadata, "source": "### BEGIN SOLUTION\nx = 3\n### END SOLUTION"}]
    (left_out,) = read_nbgrader(cells).left_out
    assert left_out.name == "answer"


def raw(*sources: str) -> list[dict[str, Any]]:
    return [{"cell_type": "raw", "metadata": {}, "source": source} for source in sources]


def code(source: str, shown: str | None = None) -> dict[str, Any]:
    outputs = [] if shown is None else [{"data": {"text/plain": shown}}]
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": outputs}


def question(settings: str, *tests: dict[str, Any]) -> list[Any]:
    solution = [*raw("# BEGIN SOLUTION"), code(SQUARE), *raw("# END SOLUTION")]
    return [
        *raw(f"# BEGIN QUESTION\nname: q1\n{settings}"),
        *solution,
        *raw("# BEGIN TESTS"),
        *tests,
        *raw("# END TESTS", "# END QUESTION"),
    ]


SQUARE = '''def square(x):
    """Square it."""
    """ # BEGIN PROMPT
    y = ...
    """; # END PROMPT
    y = x * x # SOLUTION NO PROMPT
    return y # SOLUTION'''
WORTH_TWO = '""" # BEGIN TEST CONFIG\nhidden: true\npoints: 2\n""" # END TEST CONFIG\nsquare(3)'


@pytest.mark.parametrize(
    ("settings", "points"),
    [
        ("", [0.0, 2.0]),
        ("points: 3", [1.0, 2.0]),
        ("points: 3\nmanual: false", [1.0, 2.0]),
        ("points: [0.5, 4]", [0.5, 2.0]),
        ("points:\n  - 0.5\n  - 4", [0.5, 2.0]),
        ("points:\n    each: 0.25", [0.25, 2.0]),
        ("points: {each: 0.25}", [0.25, 2.0]),
    ],
)
def test_points_of_otter_are_read_in_each_of_their_forms(settings: str, points: list[float]) -> None:
    read = read_otter(question(settings, code("square(2) == 4", "True"), code(WORTH_TWO, "9")))
    assert [check.points for check in read.checks] == points
    assert [check.hidden for check in read.checks] == [False, True]


def test_what_students_of_otter_are_prompted_with_is_no_part_of_the_solution() -> None:
    read = read_otter(
        [*question("", code("# HIDDEN\nassert square(2) == 4")), *raw("# BEGIN PROMPT"), code("def f(): 1")]
    )
    assert read.functions == {"square": SQUARE.partition('    """ #')[0] + "    y = x * x\n    return y"}
    assert [check.hidden for check in read.checks] == [True]


def test_a_mark_scheme_of_nbgrader_is_for_graders_alone() -> None:
    text = "Explain.\n\n=== BEGIN MARK SCHEME ===\n1 point for trees\n=== END MARK SCHEME ==="
    facts = {"nbgrader": {"task": True, "grade": False, "solution": False, "grade_id": "explain", "points": 3}}
    read = read_nbgrader([{"cell_type": "markdown", "metadata": facts, "source": text}])
    assert read.task == "Explain."
    assert [(one.name, one.points) for one in read.left_out] == [("explain", 3)]


def test_a_test_that_shows_a_value_becomes_a_comparison() -> None:
    first = read_otter(cells_of(ASSIGNMENTS[1])).checks[0]
    assert first.code == "assert repr(primes(10)) == '[2, 3, 5, 7]'"


@pytest.mark.parametrize("content", ['{"cells": []}', "no notebook", '{"cells": [{"source": 3}]}'])
def test_what_is_no_assignment_is_refused_and_nothing_is_written(content: str, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(content)
    with pytest.raises(UsageError, match=r"a\.ipynb"):
        import_course(tmp_path / "a.ipynb", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        import_course(ASSIGNMENTS[0], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
