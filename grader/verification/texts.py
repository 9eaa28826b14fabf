"""What can be told of a course without running anything: signatures, points, and every sentence in every language."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from grader.authoring import check_modules, sentences_of
from grader.authoring.catalogs import SOURCE
from grader.checking import collect_checks
from grader.checking.specs import CheckSpec
from grader.course import Course, Exercise
from grader.language import PROGRAM_CATALOGS, Text, Translator, _
from grader.verification.answers import solution_of
from grader.verification.findings import Finding, Severity

_TOLERANCE: Final = 1e-9


Function = ast.FunctionDef | ast.AsyncFunctionDef


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
        sentence = _("There is no solution {stem}.py: write one, so that the checks can be proven.", stem=exercise.stem)
        yield finding(place, sentence)
    else:
        yield from (finding(file, sentence) for file, sentence in _signatures(exercise, solution))
        for sentence in _unsaid(exercise):
            yield finding(exercise.stub, sentence, severity=Severity.WARNING)
    specs = collect_checks(exercise.checks)
    for function, points in exercise.points.items():
        own = sum(spec.points for spec in specs if spec.function == function)
        if abs(own - points) > _TOLERANCE:
            yield finding(
                exercise.checks,
                _(
                    "The checks of {function} give {own:g} points together, and course.toml says {points:g}: "
                    "change one of the two.",
                    function=function,
                    own=own,
                    points=points,
                ),
            )
    for spec in specs:
        if spec.function not in exercise.points:
            sentence = _(
                "{function} is no function of this exercise: give it points in course.toml, or correct the name.",
                function=spec.function,
            )
            yield finding(exercise.checks, sentence, spec.id)
    for language in course.languages:
        for check, sentence in _untranslated(exercise, specs, language, course):
            yield finding(exercise.checks, sentence, check)


def look_beside(course: Course, translator: Translator) -> Iterator[Finding]:
    """Sentences of the modules beside the check files that lack a translation. Raises CourseError."""
    checks = {exercise.checks for exercise in course.exercises}
    for file in check_modules(course):
        if file in checks:
            continue
        for language in course.languages:
            known = Translator(language, (PROGRAM_CATALOGS, *course.catalogs))
            for sentence in dict.fromkeys(sentences_of(file)):
                if language != SOURCE and not known.has(Text(sentence)):
                    said = translator.render(_missing(sentence, language))
                    yield Finding(severity=Severity.ERROR, exercise="", file=str(file), sentence=said)


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
            sentence = _("The stub has no function {name}, which course.toml gives points for: add it.", name=name)
            yield exercise.stub, sentence
        if name not in solved:
            yield solution, _("The solution has no function {name}: write it.", name=name)
        if name in stubs and name in solved:
            yield from ((exercise.stub, sentence) for sentence in _differences(stubs[name], solved[name]))


def _differences(stub: Function, solved: Function) -> Iterator[Text]:
    """Where a function's stub promises something else than its solution does."""
    name = stub.name
    if _head(stub) != _head(solved):
        yield _("The arguments of {name} differ from those of the solution: make them the same.", name=name)
    if ast.get_docstring(stub) != ast.get_docstring(solved):
        yield _("The docstring of {name} differs from that of the solution: make them the same.", name=name)


def _unsaid(exercise: Exercise) -> Iterator[Text]:
    """Functions of the stub that do not say what students are to write; none where Python cannot read it."""
    try:
        functions = _functions(ast.parse(exercise.stub.read_bytes()))
    except (SyntaxError, ValueError):
        return
    for name in exercise.functions:
        if name in functions and not ast.get_docstring(functions[name]):
            yield _("{name} has no docstring: say in it what students are to write.", name=name)


def _head(function: Function) -> tuple[str, str, str]:
    """What stands before the colon, without the name."""
    returned = "" if function.returns is None else ast.dump(function.returns)
    return type(function).__name__, ast.dump(function.args), returned


def _functions(tree: ast.Module) -> dict[str, Function]:
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def _untranslated(
    exercise: Exercise, specs: Sequence[CheckSpec], language: str, course: Course
) -> Iterator[tuple[str, Text]]:
    """Sentences of the checks that this language does not have. English is what they are written in."""
    if language == SOURCE:
        return
    translator = Translator(language, (PROGRAM_CATALOGS, *course.catalogs))
    told: set[str] = set()
    for spec in specs:
        for message in (spec.title, *([spec.hint] if spec.hint is not None else []), *spec.hints):
            if isinstance(message, str):
                yield (
                    spec.id,
                    _('"{text}" is in one language only: mark it with _("...") and translate it.', text=message[:80]),
                )
            elif not translator.has(message) and message.msgid not in told:
                told.add(message.msgid)
                yield spec.id, _missing(message.msgid, language)
    # What a check says when it fails is known only by its text.
    for sentence in dict.fromkeys(sentences_of(exercise.checks)):
        if sentence not in told and not translator.has(Text(sentence)):
            yield "", _missing(sentence, language)


def _missing(sentence: str, language: str) -> Text:
    return _(
        '"{text}" has no translation into {language}: `grade new translations` shows where it goes.',
        text=sentence[:80],
        language=language,
    )
