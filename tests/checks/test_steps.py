"""The steps of help of the built-in course: three for each check, in both languages, and none is the solution."""

from __future__ import annotations

import ast
import functools
import re

import pytest

from grader.checking.loading import load_module, specs_in
from grader.checking.specs import CheckSpec
from grader.course import Course, builtin_folder, read_course
from grader.language import PROGRAM_CATALOGS, Translator

COURSE = read_course(builtin_folder())
LANGUAGES = ("en", "ko")
LONGEST = 170
"""Characters of a step: a sentence or two, read in a terminal."""
CODE = (ast.Call, ast.BinOp, ast.UnaryOp, ast.ListComp, ast.Tuple, ast.Compare)
"""What a line of a solution computes; a name alone tells nothing, and neither does a docstring."""


@functools.cache
def translator(language: str) -> Translator:
    return Translator(language, (PROGRAM_CATALOGS, *COURSE.catalogs))


def checks(course: Course) -> list[object]:
    return [
        pytest.param(exercise.id, spec, id=spec.id)
        for exercise in course.exercises
        for spec in specs_in(load_module(exercise.checks), exercise.checks)
    ]


@functools.cache
def lines_of_solution(exercise: str) -> frozenset[str]:
    """The statements of a solution's functions and what they return, each without spaces."""
    file = COURSE.folder / "solutions" / exercise / f"{exercise.replace('-', '_')}.py"
    found: set[ast.AST] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Return | ast.Assign) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        ):
            found |= {node, node.value} if node.value is not None and not isinstance(node.value, ast.Name) else set()
    return frozenset(plain(ast.unparse(node)) for node in found)


def plain(code: str) -> str:
    return re.sub(r"\s", "", code).replace("'", '"')


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("exercise", "spec"), checks(COURSE))
def test_a_check_has_three_different_steps_of_help(exercise: str, spec: CheckSpec, language: str) -> None:
    steps = [translator(language).render(step) for step in spec.hints]
    assert len(set(steps)) == 3, exercise
    assert all(0 < len(step) <= LONGEST for step in steps)
    assert translator(language).render(spec.title) not in steps


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("exercise", "spec"), checks(COURSE))
def test_the_last_step_is_not_the_solution(exercise: str, spec: CheckSpec, language: str) -> None:
    told = plain(translator(language).render(spec.hints[-1]))
    assert [line for line in lines_of_solution(exercise) if line in told] == []


@pytest.mark.parametrize(("exercise", "spec"), checks(COURSE))
def test_steps_are_translated(exercise: str, spec: CheckSpec) -> None:
    for step in spec.hints:
        assert translator("ko").render(step) != translator("en").render(step), exercise


@pytest.mark.parametrize("exercise", [exercise.id for exercise in COURSE.exercises])
def test_a_solution_has_lines_to_compare_with(exercise: str) -> None:
    assert len(lines_of_solution(exercise)) >= 4
