"""What students get of a course: stubs, tasks, notebooks, public checks; and proof that nothing hidden is in it."""

from __future__ import annotations

import ast
import gettext
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from grader.authoring.catalogs import compiled, sentences_in
from grader.authoring.folders import refuse_full, write_files
from grader.authoring.leaks import all_files, hidden_lines, leaks, read_bytes
from grader.authoring.notebooks import course_notebooks
from grader.authoring.public_checks import public_part
from grader.authoring.toml import toml_text
from grader.checking import CheckSpec, collect_checks
from grader.course import COURSE_FILE, Course, Exercise, in_language, is_packaged
from grader.errors import CourseError
from grader.language import Text, Translator, _
from grader.records import Record, Visibility

WORKFLOW: Final = ".github/workflows/exercises.yml"


class Released(Record, frozen=True, kw_only=True):
    """What was written: paths from the folder, and how many hidden lines were looked for in it."""

    files: tuple[str, ...]
    lines: int
    public_checks: int


def release(course: Course, out: Path, translator: Translator, *, workflow: str | None = None) -> Released:
    """Write what students get into `out`, which must be empty or not there.

    `workflow` is the text of the workflow that grades pull requests. Raises UsageError where it cannot be written, and
    CourseError, with nothing written, where a line of a solution, a hidden check or a wrong answer would be in it.
    """
    refuse_full(out)
    files = dict(_files(course, translator))
    public = [name for name in files if name.startswith("checks/")]
    if workflow is not None:
        files[WORKFLOW] = workflow.encode()
    hidden = hidden_lines(course, public=[files[name] for name in public])
    for leak in leaks(files, hidden):
        raise CourseError(
            _(
                "{source}, line {number}, would stand in {file}, line {line}: {text}. Change one of the two.",
                source=str(leak.source),
                number=leak.source_line,
                file=leak.file,
                line=leak.line,
                text=leak.text,
            )
        )
    write_files(out, files)
    return Released(files=tuple(sorted(files)), lines=len(hidden), public_checks=len(public))


def packed(course: Course) -> bytes:
    """The course as a zip for the machine that grades: with every check, without solutions and wrong answers.

    Raises CourseError where a part of it cannot be read, or lies in the grader's own package.
    """
    left_out = [folder for folder in (course.solutions, course.wrong) if folder is not None]
    wanted = [course.folder / COURSE_FILE, *course.catalogs]
    for exercise in course.exercises:
        if is_packaged(exercise.checks):
            raise CourseError(_("The checks of {id} are in the grader's package already.", id=exercise.id))
        wanted += [*exercise.handouts, exercise.checks.parent]
    if course.dataset is not None:
        wanted.append(course.dataset.file)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in dict.fromkeys(file for path in wanted for file in all_files(path)):
            if file.is_relative_to(course.folder) and not any(file.is_relative_to(folder) for folder in left_out):
                name = file.relative_to(course.folder).as_posix()
                archive.writestr(zipfile.ZipInfo(name), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _files(course: Course, translator: Translator) -> Iterator[tuple[str, bytes]]:
    for exercise in course.exercises:
        for source in exercise.handouts:
            yield f"exercises/{exercise.id}/{source.relative_to(exercise.folder).as_posix()}", read_bytes(source)
    packaged = {exercise.id for exercise in course.exercises if is_packaged(exercise.checks)}
    entries: list[dict[str, Any]] = []
    texts: list[str] = []
    for exercise in course.exercises if not packaged else ():
        checks = collect_checks(exercise.checks)
        text = public_part(read_bytes(exercise.checks).decode("utf-8"), checks)
        if text is not None:
            entries.append(_entry(exercise, [check for check in checks if check.visibility is Visibility.PUBLIC]))
            _refuse_neighbours(text, exercise.checks)
            texts.append(text)
            yield f"checks/{exercise.checks.name}", text.encode()
    if entries:
        catalogs = dict(_catalogs(course, texts))
        yield COURSE_FILE, _course_file(course, entries, catalogs=["locale"] if catalogs else []).encode()
        yield from catalogs.items()
    graded = packaged or {entry["id"] for entry in entries}
    for made in course_notebooks(course, graded):
        yield f"notebooks/{made.path.as_posix()}", made.text.encode()
    yield "README.md", translator.render(_readme(course, translator.language, graded)).encode()


def _entry(exercise: Exercise, public: Sequence[CheckSpec]) -> dict[str, Any]:
    """The exercise's table in course.toml, with the functions and points of its public checks alone."""
    points = {name: sum(check.points for check in public if check.function == name) for name in exercise.points}
    asked = {check.function for check in public}
    # A course gives points for each function, and public checks may give none.
    points = {name: value or 1.0 for name, value in points.items() if name in asked}
    return {
        "id": exercise.id,
        "stem": exercise.stem,
        "folder": f"exercises/{exercise.id}",
        "checks": f"checks/{exercise.checks.name}",
        "points": sum(points.values()),
        "imports": list(exercise.imports),
        "title": exercise.title,
        "functions": points,
    }


def _refuse_neighbours(text: str, checks: Path) -> None:
    """Raise CourseError where public checks import a module beside them, in which hidden ones may keep something."""
    for node in ast.walk(ast.parse(text)):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            if checks.with_name(f"{name.partition('.')[0]}.py").is_file():
                raise CourseError(
                    _(
                        "The public checks of {file} use {module}, which lies beside it and would not be released. "
                        "Move what they use into {file} itself.",
                        file=str(checks),
                        module=name,
                    )
                )


def _catalogs(course: Course, texts: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The translations of the public checks' sentences alone."""
    said = [sentence for text in texts for sentence in sentences_in(ast.parse(text))]
    for language in course.languages:
        known: dict[str, str] = {}
        for file in [file for folder in course.catalogs for file in folder.glob(f"{language}/LC_MESSAGES/*.mo")]:
            with file.open("rb") as stream:
                catalog = gettext.GNUTranslations(stream)
            known |= {sentence: other for sentence in said if (other := catalog.gettext(sentence)) != sentence}
        if known:
            header = f"Language: {language}\nContent-Type: text/plain; charset=utf-8\n"
            yield f"locale/{language}/LC_MESSAGES/checks.mo", compiled({"": header, **known})


def _course_file(course: Course, entries: Iterable[Mapping[str, Any]], *, catalogs: list[str]) -> str:
    return toml_text(
        {
            "format": "grade-course/1",
            "languages": list(course.languages),
            "catalogs": catalogs,
            "title": course.title,
            "exercises": list(entries),
        }
    )


def _readme(course: Course, language: str, graded: Collection[str]) -> Text:
    about = _(
        "# {title}\n\n"
        "Each folder in `exercises` holds a task, `README.md`, and a file to fill in; `notebooks` has the same as "
        "notebooks.\n",
        title=in_language(course.title, language),
    )
    first = next((exercise.id for exercise in course.exercises if exercise.id in graded), None)
    if first is None:
        return _("{about}\nWhat you have written is checked where you hand it in.\n", about=about)
    commands = _(
        "{about}\n"
        "- `grade list` shows the exercises, and how far you are\n"
        "- `grade show {exercise}` shows a task\n"
        "- `grade {exercise}` checks your file, as often as you like\n",
        about=about,
        exercise=first,
    )
    others = [exercise.id for exercise in course.exercises if exercise.id not in graded]
    if not others:
        return commands
    return _(
        "{commands}\nChecked only where you hand it in: {exercises}.\n", commands=commands, exercises=", ".join(others)
    )
