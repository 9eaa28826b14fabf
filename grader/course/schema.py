"""What `course.toml` may hold. Field names are the file's own, and an unknown one is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*\Z", max_length=80)]
ExerciseId = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=40)]
Language = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?\Z")]
Sentence = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Positive = Annotated[float, msgspec.Meta(gt=0, le=1e9)]
"""No infinity, which TOML has and a report has not."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class LimitsEntry(Entry, frozen=True, kw_only=True):
    """`[limits]`: what differs from the program's own limits. Times are seconds, sizes bytes."""

    call_seconds: Positive | None = None
    cpu_seconds: Positive | None = None
    memory_bytes: Annotated[int, msgspec.Meta(gt=0)] | None = None
    output_bytes: Annotated[int, msgspec.Meta(gt=0)] | None = None
    answer_bytes: Annotated[int, msgspec.Meta(gt=0)] | None = None
    file_bytes: Annotated[int, msgspec.Meta(gt=0)] | None = None
    open_files: Annotated[int, msgspec.Meta(gt=0)] | None = None
    training_seconds: Positive | None = None


class DatasetEntry(Entry, frozen=True, kw_only=True):
    """`[dataset]`: the images that models are trained and scored on."""

    file: str
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
    validation_fraction: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.2
    seed: int = 42
    classes: dict[Language, list[Sentence]] = {}


class ExerciseEntry(Entry, frozen=True, kw_only=True):
    """`[[exercises]]`: one exercise. `functions` gives each function's points, and they add up to `points`."""

    id: ExerciseId
    stem: Name
    title: dict[Language, Sentence]
    folder: str
    checks: str
    points: Positive
    functions: Annotated[dict[Name, Positive], msgspec.Meta(min_length=1)]
    imports: list[str] = []
    limits: LimitsEntry = LimitsEntry()


class HintsEntry(Entry, frozen=True, kw_only=True):
    """`[hints]`: after how many runs of a changed file, in which its check did not pass, each step of help opens."""

    after: Annotated[list[Annotated[int, msgspec.Meta(ge=0, le=1000)]], msgspec.Meta(max_length=20)] = []


class VisibilityEntry(Entry, frozen=True, kw_only=True):
    """`[visibility]`: what a student is shown of hidden checks, and until when; everything afterwards."""

    hidden: Literal["title", "outcome", "message"] = "message"
    until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class NotebooksEntry(Entry, frozen=True, kw_only=True):
    """`[notebooks]`: the exercises as notebooks. `{language}` and `{file}` in `colab` stand for a notebook's own."""

    folder: str
    install: Sentence | None = None
    colab: Annotated[str, msgspec.Meta(pattern=r"^https://[!-~]+\Z", max_length=500)] | None = None


class VerificationEntry(Entry, frozen=True, kw_only=True):
    """`[verification]`: where a course's own proofs lie, by exercise; students get none of them."""

    solutions: str = "solutions"
    wrong: str = "checks/wrong"


class CourseEntry(Entry, frozen=True, kw_only=True):
    """The whole file. `attempts`, `deadlines` and `late` are handed on unread, for the gradebook's policy."""

    format: Literal["grade-course/1"]
    title: dict[Language, Sentence]
    languages: Annotated[list[Language], msgspec.Meta(min_length=1)]
    language: Language | None = None
    seed: int = 42
    catalogs: list[str] = []
    limits: LimitsEntry = LimitsEntry()
    dataset: DatasetEntry | None = None
    attempts: str | None = None
    deadlines: dict[str, Any] = {}
    late: dict[str, Any] = {}
    notebooks: NotebooksEntry | None = None
    hints: HintsEntry = HintsEntry()
    visibility: VisibilityEntry = VisibilityEntry()
    verification: VerificationEntry = VerificationEntry()
    exercises: Annotated[list[ExerciseEntry], msgspec.Meta(min_length=1)]
