"""Files of a course that belong to nothing: nobody grades them, reads them or runs them. Nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from grader.course import Course, Exercise
from grader.language import Text, Translator, _
from grader.verification.answers import HARMLESS_FILE, SUFFIXES
from grader.verification.findings import Finding, Severity

_CODE: Final = frozenset(SUFFIXES)


def strays_of_course(course: Course, translator: Translator) -> Iterator[Finding]:
    """Check files that no exercise names, and folders of exercises that the course does not have."""
    for file, sentence in (*_folders(course), *_check_files(course)):
        yield _finding(file, sentence, "", translator)


def strays_of_exercise(course: Course, exercise: Exercise, translator: Translator) -> Iterator[Finding]:
    """Files among those of one exercise that are not its stub, its task, its solution or a wrong answer."""
    for file, sentence in (*_beside_the_stub(exercise), *_beside_the_solution(course, exercise)):
        yield _finding(file, sentence, exercise.id, translator)
    for file in _files(None if course.wrong is None else course.wrong / exercise.id):
        if file.suffix not in _CODE:
            sentence = _("It is no wrong answer, which is a .py or .ipynb: remove it.")
            yield _finding(file, sentence, exercise.id, translator)


def _finding(file: Path, sentence: Text, exercise: str, translator: Translator) -> Finding:
    return Finding(severity=Severity.ERROR, exercise=exercise, file=str(file), sentence=translator.render(sentence))


def _folders(course: Course) -> Iterator[tuple[Path, Text]]:
    known = {exercise.id for exercise in course.exercises}
    own = {exercise.folder for exercise in course.exercises}
    homes = {folder.parent for folder in own} - {course.folder}
    notebooks = None if course.notebooks is None else course.notebooks.folder
    for folder in sorted(entry for home in homes for entry in _folders_in(home)):
        if folder not in own and folder != notebooks:
            yield folder, _("It is the folder of no exercise: name it in course.toml, or remove it.")
    for home in (course.solutions, course.wrong):
        for entry in _entries(home):
            if entry.name not in known and not (home == course.wrong and entry.name == HARMLESS_FILE):
                yield entry, _("It belongs to no exercise of course.toml: rename it, or remove it.")


def _check_files(course: Course) -> Iterator[tuple[Path, Text]]:
    checks = {exercise.checks for exercise in course.exercises}
    for folder in sorted({file.parent for file in checks}):
        files = [file for file in _files(folder) if file.suffix == ".py"]
        imported = {name for file in files for name in _imports(file)}
        for file in files:
            if file in checks or file.name in {"conftest.py", "__init__.py"} or file.stem in imported:
                continue
            if file.stem.startswith("test_"):
                yield (
                    file,
                    _("No exercise of course.toml has these checks, so nobody runs them: name it, or remove it."),
                )
            else:
                yield file, _("No check file imports it: remove it.")


def _beside_the_stub(exercise: Exercise) -> Iterator[tuple[Path, Text]]:
    tasks = set(exercise.tasks.values())
    for file in _files(exercise.folder):
        if file.suffix in _CODE and file != exercise.stub:
            yield file, _("Beside the stub it would be taken for a submission: remove it.")
        elif file.suffix == ".md" and file.name.startswith("README") and file not in tasks:
            yield file, _("It is a task in a language that course.toml does not name: add the language, or remove it.")


def _beside_the_solution(course: Course, exercise: Exercise) -> Iterator[tuple[Path, Text]]:
    folder = None if course.solutions is None else course.solutions / exercise.id
    solution = f"{exercise.stem}.py"
    files = _files(folder)
    imported = {name for file in files if file.suffix == ".py" for name in _imports(file)}
    for file in files:
        if file.name != solution and file.stem not in imported:
            yield file, _("The solution is {name}, and does not import it: remove it.", name=solution)


def _imports(file: Path) -> set[str]:
    """The last and the first part of every module's name that a file imports; none where Python cannot read it."""
    try:
        nodes = list(ast.walk(ast.parse(file.read_bytes())))
    except (OSError, SyntaxError, ValueError):
        return set()
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            names += [node.module or "", *(alias.name for alias in node.names)]
    return {part for name in names for part in (name.partition(".")[0], name.rpartition(".")[2])}


def _entries(folder: Path | None) -> list[Path]:
    if folder is None or not folder.is_dir():
        return []
    return [entry for entry in sorted(folder.iterdir()) if entry.name[0] not in "._"]


def _files(folder: Path | None) -> list[Path]:
    return [entry for entry in _entries(folder) if entry.is_file()]


def _folders_in(folder: Path | None) -> list[Path]:
    return [entry for entry in _entries(folder) if entry.is_dir()]
