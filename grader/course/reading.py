"""From `course.toml` to a `Course`: every name unique, every sum right, every file there and inside the course."""

from __future__ import annotations

import keyword
import math
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from grader.course.records import Course, Dataset, Exercise, Notebooks, Showing
from grader.course.schema import CourseEntry, DatasetEntry, ExerciseEntry, LimitsEntry, NotebooksEntry
from grader.errors import CourseError
from grader.language import Text, _, reason_of
from grader.records import Limits

COURSE_FILE: Final = "course.toml"
RESERVED_IDS: Final = frozenset({"all"})
"""Words that the command line means something else by."""
PACKAGE: Final = "{package}"
"""In a path, the folder of the grader's own package."""
PACKAGE_FOLDER: Final = Path(__file__).resolve().parent.parent

Item = TypeVar("Item")


def read_course(folder: Path) -> Course:
    """The course in `folder`, or whose `course.toml` is `folder` itself.

    Raises CourseError, whose message names the file and what to change in it.
    """
    file = folder if folder.name == COURSE_FILE and not folder.is_dir() else folder / COURSE_FILE
    return _Reader(file.absolute()).course()


def is_packaged(file: Path) -> bool:
    """Whether a file of a course lies in the grader's own package, and so on every machine that has the grader."""
    return file.is_relative_to(PACKAGE_FOLDER)


class _Reader:
    def __init__(self, file: Path) -> None:
        self.file = file
        self.folder = file.parent.resolve()

    def error(self, problem: Text) -> CourseError:
        return CourseError(_("{file}: {problem}", file=str(self.file), problem=problem))

    def course(self) -> Course:
        entry = self.entry()
        self.unique(entry.languages, _("a language"))
        self.unique((exercise.id for exercise in entry.exercises), _("an exercise's id"))
        self.unique((exercise.stem for exercise in entry.exercises), _("an exercise's stem"))
        self.unique((name for exercise in entry.exercises for name in exercise.functions), _("a function"))
        return Course(
            folder=self.folder,
            title=self.title(entry.title, entry.languages, "title"),
            languages=tuple(entry.languages),
            exercises=tuple(self.exercise(exercise, entry) for exercise in entry.exercises),
            dataset=None if entry.dataset is None else self.dataset(entry.dataset, entry.languages),
            catalogs=tuple(self.path(catalog) for catalog in entry.catalogs),
            seed=entry.seed,
            notebooks=None if entry.notebooks is None else self.notebooks(entry.notebooks),
            language=self.language(entry),
            hints_after=tuple(entry.hints.after),
            solutions=self.path(entry.verification.solutions),
            wrong=self.path(entry.verification.wrong),
            showing=Showing(hidden=entry.visibility.hidden, until=entry.visibility.until),
            policies={
                name: value
                for name in ("attempts", "deadlines", "late")
                if (value := getattr(entry, name)) not in (None, {})
            },
        )

    def language(self, entry: CourseEntry) -> str | None:
        if entry.language is not None and entry.language not in entry.languages:
            raise self.error(_("language is {language}, which is not among languages.", language=entry.language))
        return entry.language

    def entry(self) -> CourseEntry:
        try:
            content = tomllib.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise CourseError(
                _(
                    "{folder} is no course: it has no {file}. Give the folder that holds it.",
                    folder=str(self.file.parent),
                    file=COURSE_FILE,
                )
            ) from None
        except OSError as error:
            raise self.error(_("it cannot be read ({reason}).", reason=reason_of(error))) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise self.error(_("it is not valid TOML: {reason}.", reason=str(error))) from None
        try:
            return msgspec.convert(content, CourseEntry)
        except msgspec.ValidationError as error:
            raise self.error(_("{reason}.", reason=str(error).replace("$.", "").replace("Object", "A table"))) from None

    def exercise(self, entry: ExerciseEntry, course: CourseEntry) -> Exercise:
        if entry.id in RESERVED_IDS:
            raise self.error(_("an exercise cannot have the id {id}; choose another.", id=entry.id))
        for name in (entry.stem, *entry.functions):
            if keyword.iskeyword(name):
                raise self.error(_("{name} is a word of Python's own and cannot be a name.", name=name))
        total = sum(entry.functions.values())
        if not math.isclose(total, entry.points, abs_tol=1e-9):
            raise self.error(
                _(
                    "the points of {id} do not add up: its functions give {total:g}, and points says {points:g}.",
                    id=entry.id,
                    total=total,
                    points=entry.points,
                )
            )
        folder = self.path(entry.folder)
        return Exercise(
            id=entry.id,
            stem=entry.stem,
            title=self.title(entry.title, course.languages, f"{entry.id}.title"),
            points=dict(entry.functions),
            folder=folder,
            stub=self.there(folder / f"{entry.stem}.py"),
            tasks=self.tasks(folder, course.languages),
            checks=self.there(self.path(entry.checks)),
            imports=tuple(entry.imports),
            limits=_limits(course.limits, entry.limits),
        )

    def tasks(self, folder: Path, languages: Sequence[str]) -> dict[str, Path]:
        """The texts of a task: README.md in the course's first language, README.<language>.md in the others."""
        first, *others = languages
        return {first: self.there(folder / "README.md")} | {
            language: self.there(folder / f"README.{language}.md") for language in others
        }

    def dataset(self, entry: DatasetEntry, languages: Sequence[str]) -> Dataset:
        for language in languages if entry.classes else ():
            if language not in entry.classes:
                raise self.error(
                    _("{where} has no text in {language}; add it.", where="dataset.classes", language=language)
                )
        if len({len(names) for names in entry.classes.values()}) > 1:
            raise self.error(_("dataset.classes must have as many names in each language."))
        return Dataset(
            file=self.path(entry.file),
            sha256=entry.sha256,
            validation_fraction=entry.validation_fraction,
            seed=entry.seed,
            classes={language: tuple(entry.classes[language]) for language in languages if entry.classes},
        )

    def notebooks(self, entry: NotebooksEntry) -> Notebooks:
        return Notebooks(folder=self.path(entry.folder), install=entry.install, colab=entry.colab)

    def title(self, title: dict[str, str], languages: Sequence[str], where: str) -> dict[str, str]:
        for language in languages:
            if language not in title:
                raise self.error(_("{where} has no text in {language}; add it.", where=where, language=language))
        return {language: title[language] for language in languages}

    def unique(self, items: Iterable[Item], what: Text) -> None:
        seen: set[Item] = set()
        for item in items:
            if item in seen:
                raise self.error(_("{name} stands there twice as {what}; it must be unique.", name=item, what=what))
            seen.add(item)

    def path(self, text: str) -> Path:
        """The file that `text` means, which must lie in the course's folder or in the grader's package."""
        inside_package = text == PACKAGE or text.startswith(PACKAGE + "/")
        base = PACKAGE_FOLDER if inside_package else self.folder
        relative = text.removeprefix(PACKAGE).lstrip("/") if inside_package else text
        try:
            path = (base / relative).resolve()
        except (OSError, ValueError):  # a null character, or links in a circle
            path = base.parent
        if not path.is_relative_to(base):
            raise self.error(_("the path {path} leads out of the course's folder.", path=text))
        return path

    def there(self, file: Path) -> Path:
        if not file.is_file():
            raise self.error(_("the file {file} is missing.", file=str(file)))
        if not file.resolve().is_relative_to(self.folder) and not file.resolve().is_relative_to(PACKAGE_FOLDER):
            raise self.error(_("the path {path} leads out of the course's folder.", path=str(file)))
        return file


def _limits(*entries: LimitsEntry) -> Limits:
    """The program's own limits with what each of `entries` changes, the last one last."""
    changes: dict[str, Any] = {}
    for entry in entries:
        changes |= {name: value for name, value in msgspec.structs.asdict(entry).items() if value is not None}
    return Limits(**changes)
