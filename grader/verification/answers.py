"""What proves a course, read from its folders: solutions, and wrong answers with what their headers declare."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from grader.course import Course, Exercise
from grader.errors import CourseError
from grader.language import _

HARMLESS_FILE: Final = "harmless.toml"
_HEADER: Final = re.compile(r"^# (fails|says): *(.*)$", re.MULTILINE)
SUFFIXES: Final = (".py", ".ipynb")


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """One wrong answer. `checks` are those that must fail, `functions` those of which some check must; `*` is any."""

    file: Path
    exercise: str
    checks: frozenset[str]
    functions: frozenset[str]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Harmless:
    """A change to a solution that makes no difference, and why. `before` and `after` are the line, without spaces."""

    exercise: str
    before: str
    after: str
    reason: str


def solution_of(course: Course, exercise: Exercise) -> Path | None:
    """The solution of an exercise, a file; None where there is none."""
    if course.solutions is None:
        return None
    file = course.solutions / exercise.id / f"{exercise.stem}.py"
    return file if file.is_file() else None


def wrong_answers(course: Course, exercise: Exercise) -> list[WrongAnswer]:
    """The wrong answers to an exercise, by name. Raises CourseError for one that declares nothing."""
    folder = None if course.wrong is None else course.wrong / exercise.id
    if folder is None or not folder.is_dir():
        return []
    return [_read(file, exercise.id) for file in sorted(folder.iterdir()) if file.suffix in SUFFIXES]


def harmless(course: Course) -> list[Harmless]:
    """The changes that the course declares harmless. Raises CourseError for a file that cannot be read."""
    file = None if course.wrong is None else course.wrong / HARMLESS_FILE
    if file is None or not file.is_file():
        return []
    try:
        entries: list[dict[str, Any]] = tomllib.loads(file.read_text("utf-8")).get("harmless", [])
        return [
            Harmless(entry["exercise"], plain(entry["before"]), plain(entry["after"]), entry["reason"])
            for entry in entries
        ]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise CourseError(
            _(
                "{file} cannot be read ({reason}): it holds tables [[harmless]] with exercise, before, after, reason.",
                file=str(file),
                reason=str(error),
            )
        ) from error


def plain(line: str) -> str:
    """A line of code without its spaces, so that a declaration survives a formatter."""
    return "".join(line.split())


def _read(file: Path, exercise: str) -> WrongAnswer:
    try:
        found = _HEADER.findall(_source(file))
    except (OSError, ValueError, KeyError, StopIteration) as error:
        raise CourseError(
            _("The wrong answer {file} cannot be read: {reason}.", file=str(file), reason=str(error))
        ) from error
    names = [name.strip() for kind, value in found if kind == "fails" for name in value.split(",") if name.strip()]
    if not names:
        raise CourseError(
            _(
                "The wrong answer {file} does not say which check must fail: begin it with `# fails: test_name`.",
                file=str(file),
            )
        )
    return WrongAnswer(
        file=file,
        exercise=exercise,
        checks=frozenset(name for name in names if name.startswith("test_")),
        functions=frozenset(name for name in names if not name.startswith("test_")),
        words=tuple(value.strip() for kind, value in found if kind == "says"),
    )


def _source(file: Path) -> str:
    text = file.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    if file.suffix == ".py":
        return text
    code = next(cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code")
    return "".join(code["source"])
