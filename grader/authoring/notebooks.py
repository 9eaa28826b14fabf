"""The exercises as notebooks, made from the stubs and the tasks: one for each exercise, and one of all of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from grader.course import Course, Exercise, in_language
from grader.errors import CourseError
from grader.language import PROGRAM_CATALOGS, Translator, _, reason_of
from grader.records import Record

CHAPTER: Final = "chapter.ipynb"
"""The notebook with every exercise."""
_BADGE: Final = "https://colab.research.google.com/assets/colab-badge.svg"
_COMMAND: Final = re.compile(r"^( {4}|```sh\n)grade ", re.MULTILINE)
"""A task's last lines say what to type in a terminal."""
_METADATA: Final = {
    "colab": {"provenance": []},
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class Made(Record, frozen=True, kw_only=True):
    """A notebook: its path from the notebooks' folder, such as `ko/exercise_1.ipynb`, and its text."""

    path: Path
    text: str


def course_notebooks(course: Course, graded: Collection[str] | None = None) -> Iterator[Made]:
    """Every notebook of `course`, the same bytes at each call; with cells that grade for the exercises in `graded`.

    Without it these are all of them. Raises CourseError where a file cannot be read.
    """
    graded = [exercise.id for exercise in course.exercises] if graded is None else graded
    for language in course.languages:
        translator = Translator(language, (PROGRAM_CATALOGS, *course.catalogs))
        for exercise in course.exercises:
            file = f"{exercise.stem}.ipynb"
            cells = [_badge(course, language, file), _setup(course), *_cells(exercise, translator, graded)]
            yield _made(Path(language, file), cells)
        whole = [cell for exercise in course.exercises for cell in _cells(exercise, translator, graded)]
        title = _markdown("title", f"# {in_language(course.title, language)}")
        yield _made(Path(language, CHAPTER), [_badge(course, language, CHAPTER), title, _setup(course), *whole])


def write_notebooks(folder: Path, notebooks: Iterator[Made]) -> int:
    """Write `notebooks` under `folder` and return how many there are. Raises OSError."""
    count = 0
    for made in notebooks:
        target = folder / made.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(made.text, encoding="utf-8", newline="\n")
        count += 1
    return count


def outdated(folder: Path, notebooks: Iterator[Made]) -> list[Path]:
    """The files under `folder` that are not what `notebooks` says: changed, missing, or there for no exercise."""
    wanted = {folder / made.path: made.text for made in notebooks}
    left = set(folder.glob("*/*.ipynb")) - set(wanted)
    return sorted(left | {path for path, text in wanted.items() if _text_of(path) != text})


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return None


def _cells(exercise: Exercise, translator: Translator, graded: Collection[str]) -> list[Any]:
    """The task, the stub to fill in, and the cell that grades it, if it is among the `graded`."""
    language = translator.language
    task = _read(in_language(exercise.tasks, language))
    task = task.replace(f"`{exercise.stem}.py`", translator.render(_("the next cell")))
    return [
        _markdown(f"{exercise.id}-task", _COMMAND.sub(r"\g<1>%grade ", task)),
        _code(f"{exercise.id}-stub", _read(exercise.stub)),
        _code(f"{exercise.id}-grade", f"%grade {exercise.id} --lang {language}") if exercise.id in graded else None,
    ]


def _setup(course: Course) -> Any:
    """The cell that makes `%grade` known, and in Colab brings the grader first."""
    lines = []
    if course.notebooks is not None and course.notebooks.install is not None:
        lines = [
            "import sys",
            "",
            'if "google.colab" in sys.modules:',
            f"    %pip install --quiet {course.notebooks.install}",
        ]
    return _code("setup", "\n".join([*lines, "%load_ext grader"]))


def _badge(course: Course, language: str, file: str) -> Any | None:
    if course.notebooks is None or course.notebooks.colab is None:
        return None
    address = course.notebooks.colab.replace("{language}", language).replace("{file}", file)
    return _markdown("badge", f"[![Open in Colab]({_BADGE})]({address})")


def _made(path: Path, cells: list[Any]) -> Made:
    import nbformat  # noqa: PLC0415 - 0.1 seconds that other commands need not wait for

    notebook = nbformat.v4.new_notebook(metadata=_METADATA, cells=[cell for cell in cells if cell is not None])  # type: ignore[no-untyped-call]
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return Made(path=path, text=nbformat.writes(notebook).rstrip("\n") + "\n")  # type: ignore[no-untyped-call]


def _markdown(id: str, text: str) -> Any:  # noqa: A002 - nbformat's word
    from nbformat import v4  # noqa: PLC0415 - see above

    return v4.new_markdown_cell(text.rstrip("\n"), id=id)  # type: ignore[no-untyped-call]


def _code(id: str, text: str) -> Any:  # noqa: A002 - likewise
    from nbformat import v4  # noqa: PLC0415 - see above

    return v4.new_code_cell(text.rstrip("\n"), id=id)  # type: ignore[no-untyped-call]


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(_("{file} cannot be read: {reason}.", file=str(file), reason=reason_of(error))) from error
