"""What can be told of a course without running anything: signatures, points, and every sentence in every language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from grader.checking import collect_checks
from grader.checking.specs import CheckSpec
from grader.course import Course, Exercise
from grader.language import PROGRAM_CATALOGS, Text, Translator, _
from grader.verification.answers import solution_of
from grader.verification.findings import Finding, Severity

_TOLERANCE = 1e-9


def look_at(course: Course, exercise: Exercise, translator: Translator) -> Iterator[Finding]:
    """The findings about one exercise's files. Raises CourseError for a check file that cannot be used."""

    def finding(file: Path, sentence: Text, check: str = "", severity: Severity = Severity.ERROR) -> Finding:
        return Finding(
            severity=severity,
            exercise=exercise.id,
            check=check,
            file=str(file),
            sentence=translator.render(sentence),
        )

    solution = solution_of(course, exercise)
    if solution is None:
        place = course.solutions / exercise.id if course.solutions is not None else course.folder
        sentence = _("There is no solution {stem}.py; write one, so that the checks can be proven.", stem=exercise.stem)
        yield finding(place, sentence)
    else:
        yield from (finding(file, sentence) for file, sentence in _signatures(exercise, solution))
    specs = collect_checks(exercise.checks)
    for function, points in exercise.points.items():
        own = sum(spec.points for spec in specs if spec.function == function)
        if abs(own - points) > _TOLERANCE:
            yield finding(
                exercise.checks,
                _(
                    "The checks of {function} give {own:g} points together, and course.toml says {points:g}.",
                    function=function,
                    own=own,
                    points=points,
                ),
            )
    for spec in specs:
        if spec.function not in exercise.points:
            sentence = _("{function} is no function of this exercise in course.toml.", function=spec.function)
            yield finding(exercise.checks, sentence, spec.id)
        for language in course.languages:
            for sentence in _untranslated(spec, language, course):
                yield finding(exercise.checks, sentence, spec.id)


def _signatures(exercise: Exercise, solution: Path) -> Iterator[tuple[Path, Text]]:
    """Where the stub and the solution disagree."""
    trees = {}
    for file in (exercise.stub, solution):
        try:
            trees[file] = ast.parse(file.read_text("utf-8"))
        except (SyntaxError, UnicodeDecodeError) as error:
            yield file, _("It is not Python: {reason}. Mend it.", reason=str(error))
    if len(trees) < 2:
        return
    stubs, solved = (_functions(trees[file]) for file in (exercise.stub, solution))
    for name in exercise.functions:
        if name not in stubs:
            yield exercise.stub, _("The stub has no function {name}, which course.toml gives points for.", name=name)
        if name not in solved:
            yield solution, _("The solution has no function {name}.", name=name)
        if name in stubs and name in solved:
            yield from ((exercise.stub, sentence) for sentence in _differences(stubs[name], solved[name]))


def _differences(stub: ast.FunctionDef, solved: ast.FunctionDef) -> Iterator[Text]:
    """Where a function's stub promises something else than its solution does."""
    name = stub.name
    if ast.dump(stub.args) != ast.dump(solved.args):
        yield _("The arguments of {name} differ from those of the solution.", name=name)
    if ast.get_docstring(stub) != ast.get_docstring(solved):
        yield _("The docstring of {name} differs from that of the solution.", name=name)
    if not ast.get_docstring(stub):
        yield _("{name} has no docstring; say in it what students are to write.", name=name)


def _functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def _untranslated(spec: CheckSpec, language: str, course: Course) -> Iterator[Text]:
    """Sentences of a check that this language does not have. English is what they are written in."""
    if language == "en":
        return
    translator = Translator(language, (PROGRAM_CATALOGS, *course.catalogs))
    messages = [spec.title, *([spec.hint] if spec.hint is not None else []), *spec.hints]
    for message in messages:
        if isinstance(message, str):
            if len(course.languages) > 1:
                yield _('"{text}" is in one language only; mark it with _("...") and translate it.', text=message[:80])
        elif not translator.has(message):
            yield _('"{text}" has no translation into {language}.', text=message.msgid[:80], language=language)
