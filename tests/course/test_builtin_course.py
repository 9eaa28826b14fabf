"""The built-in course: its stubs, solutions, tasks and checks say the same thing."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from grader.checking import collect_checks
from grader.course import Exercise, builtin_folder, read_course

COURSE = read_course(builtin_folder())
EXERCISES = [pytest.param(exercise, id=exercise.id) for exercise in COURSE.exercises]
FUNCTIONS = {
    "exercise-1": "scale_pixels flatten_images split_validation prepare_data",
    "exercise-2": "build_hidden_layer build_output_layer build_model",
    "exercise-3": "dense_parameter_count model_parameter_count layer_output_shapes batches_per_epoch",
    "exercise-4": "build_named_model build_model_with_add build_deep_model",
    "exercise-5": "relu build_relu_model",
    "exercise-6": "make_sgd make_nesterov_sgd make_adagrad make_rmsprop make_adam compile_model build_classifier",
}
"""What submissions were written against; it never changes."""


def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def functions_of(file: Path) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree_of(file).body if isinstance(node, ast.FunctionDef)}


def imports_of(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(str(node.module).partition(".")[0])
    return found


def solution_of(exercise: Exercise) -> Path:
    return COURSE.folder / "solutions" / exercise.id / f"{exercise.stem}.py"


def test_the_names_are_those_that_submissions_were_written_against() -> None:
    assert {exercise.id: " ".join(exercise.functions) for exercise in COURSE.exercises} == FUNCTIONS
    assert [exercise.stem for exercise in COURSE.exercises] == [name.replace("-", "_") for name in FUNCTIONS]


def test_titles_stand_in_every_language() -> None:
    for titles in (COURSE.title, *(exercise.title for exercise in COURSE.exercises)):
        assert set(titles) == {"en", "ko"}
        assert titles["en"].isascii()
        assert any("가" <= character <= "힣" for character in titles["ko"])


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_stub_defines_the_functions_and_nothing_in_them(exercise: Exercise) -> None:
    functions = functions_of(exercise.stub)
    assert tuple(functions) == exercise.functions
    for function in functions.values():
        assert ast.get_docstring(function)
        assert function.returns is not None
        assert [ast.unparse(statement) for statement in function.body[1:]] == ["raise NotImplementedError"]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_solution_has_the_signatures_and_docstrings_of_the_stub(exercise: Exercise) -> None:
    stub, solution = functions_of(exercise.stub), functions_of(solution_of(exercise))
    assert tuple(solution) == tuple(stub)
    for name, function in stub.items():
        assert ast.unparse(solution[name].args) == ast.unparse(function.args)
        assert ast.dump(solution[name].returns or function) == ast.dump(function.returns or function)
        assert ast.get_docstring(solution[name]) == ast.get_docstring(function)
    assert ast.get_docstring(tree_of(solution_of(exercise))) == ast.get_docstring(tree_of(exercise.stub))


@pytest.mark.parametrize("exercise", EXERCISES)
def test_only_exercises_with_models_import_keras(exercise: Exercise) -> None:
    uses_models = exercise.id not in {"exercise-1", "exercise-3"}
    for file in (exercise.stub, solution_of(exercise)):
        assert ("keras" in imports_of(file)) is uses_models
        assert "tensorflow" not in imports_of(file)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_checks_give_each_function_its_points(exercise: Exercise) -> None:
    points: dict[str, float] = defaultdict(float)
    for spec in collect_checks(exercise.checks):
        points[spec.function] += spec.points
        assert spec.points > 0
    assert dict(points) == pytest.approx(exercise.points)
    assert exercise.possible == 10


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_check_of_a_function_waits_for_its_first_one(exercise: Exercise) -> None:
    """So that a function that raises fails one check, and the others are skipped with the reason."""
    first: dict[str, str] = {}
    for spec in collect_checks(exercise.checks):
        if first.setdefault(spec.function, spec.id) != spec.id:
            assert spec.needs, f"{spec.id} does not wait for {first[spec.function]}"
        else:
            assert spec.needs == ()


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_task_names_every_function_in_every_language(exercise: Exercise) -> None:
    for language, file in exercise.tasks.items():
        text = file.read_text(encoding="utf-8")
        for function in exercise.functions:
            assert f"`{function}(" in text, (language, function)
        assert f"grade {exercise.id}" in text
        assert len(text.splitlines()) > 20


@pytest.mark.parametrize(
    ("exercise_id", "names"),
    [
        ("exercise-2", ("THRESHOLD",)),
        ("exercise-5", ("THRESHOLD",)),
        ("exercise-6", ("NO_POINTS_BELOW", "ALL_POINTS_FROM")),
    ],
)
def test_the_task_says_the_thresholds_that_are_checked(exercise_id: str, names: tuple[str, ...]) -> None:
    exercise = COURSE.exercise(exercise_id)
    values = {
        node.target.id: ast.literal_eval(node.value)
        for node in tree_of(exercise.checks).body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    for name in names:
        for file in exercise.tasks.values():
            assert f"{values[name]:.2f}" in file.read_text(encoding="utf-8")
