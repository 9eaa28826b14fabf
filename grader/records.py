"""The frozen records and enumerations that every room shares; `Report` is the schema `grade-report/1`."""

from __future__ import annotations

import enum
import math
from typing import Final, Literal, get_args

import msgspec

REPORT_FORMAT: Final = "grade-report/1"


class Outcome(enum.StrEnum):
    """How a check ended. It starts as `not_run`, never as passed."""

    PASSED = "passed"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    SKIPPED = "skipped"
    ERRORED = "errored"
    NOT_RUN = "not_run"

    @property
    def judges(self) -> bool:
        """Whether it says something about the answer: a check that was skipped, or never ran, says nothing."""
        return self in {Outcome.PASSED, Outcome.FAILED, Outcome.TIMED_OUT}


class Verdict(enum.StrEnum):
    """How a run ended. `ungraded` means that the grader failed, and no score was given."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"
    UNGRADED = "ungraded"


class Visibility(enum.StrEnum):
    """Whether a student may see a check's inputs (`public`) or only its title and feedback."""

    PUBLIC = "public"
    HIDDEN = "hidden"


class SandboxLevel(enum.StrEnum):
    """How completely a subject was confined."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


SandboxMode = Literal["auto", "required", "off"]
"""Confine as far as possible; only grade what can be fully confined; or do not confine."""
SANDBOX_MODES: Final[dict[str, SandboxMode]] = {mode: mode for mode in get_args(SandboxMode)}
"""The modes by the words that commands take for them."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What all records have in common: frozen, keyword-only, compared by value.

    msgspec does not inherit `kw_only`, and type checkers do not see `frozen` inherited: each record says both again.
    """


def require_finite(*numbers: float | None) -> None:
    """Raise ValueError for NaN and infinity, which JSON does not have: what a report writes, it can read."""
    if not all(number is None or math.isfinite(number) for number in numbers):
        raise ValueError("the numbers of a report must be finite")


class Limits(Record, frozen=True, kw_only=True):
    """What a subject may use. Times are seconds, sizes bytes."""

    call_seconds: float = 10.0
    """wall time of one call, and of loading the module"""
    cpu_seconds: float = 60.0
    """processor time of one subject over its life"""
    memory_bytes: int = 2 * 1024**3
    """memory on top of what the warm process had at the fork"""
    output_bytes: int = 1024**2
    """what one subject may print"""
    answer_bytes: int = 64 * 1024**2
    """size of one answer on the channel"""
    file_bytes: int = 64 * 1024**2
    """size of one file written to the scratch folder"""
    open_files: int = 256
    training_seconds: float = 120.0
    """wall time of one training by the grader"""


class Usage(Record, frozen=True, kw_only=True):
    """What the subjects of one run used, which the limits are about; the grader's own trainings are not in it.

    Times are seconds, sizes bytes.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_memory_bytes: int

    def __post_init__(self) -> None:
        require_finite(self.wall_seconds, self.cpu_seconds)


class Location(Record, frozen=True, kw_only=True):
    """A student's line: `line` counts from 1 within the file, or within notebook cell `cell` (from 1)."""

    file: str
    line: int
    cell: int | None = None


class Points(Record, frozen=True, kw_only=True):
    """Points that a check gave, of those it could give."""

    earned: float
    possible: float

    def __post_init__(self) -> None:
        require_finite(self.earned, self.possible)


class Score(Record, frozen=True, kw_only=True):
    """Points that a run gave, of those it could give."""

    earned: float
    possible: float

    def __post_init__(self) -> None:
        require_finite(self.earned, self.possible)


class LayerTable(Record, frozen=True, kw_only=True):
    """A model's layers as a table: the one that was asked for, or the one that the submission made."""

    role: Literal["expected", "observed"]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """a row a layer, a cell for each of `head`"""
    total: tuple[str, ...]
    """the line below the rows"""
    differing: tuple[int, ...] = ()
    """rows, from 0, that are not the same in the other table"""


class CheckReport(Record, frozen=True, kw_only=True):
    """How one check ended, in the language of the report."""

    id: str
    function: str
    title: str
    visibility: Visibility
    outcome: Outcome
    points: Points
    message: str | None
    expected: str | None
    observed: str | None
    hint: str | None
    hints: tuple[str, ...] = ()
    """help in steps, the weakest first, for a check that did not pass; one after another, and only when asked for"""
    location: Location | None
    source: str | None = None
    """the student's own line at `location`, stripped"""
    tables: tuple[LayerTable, ...] = ()
    """the expected layers and the observed ones, where a check compared layers; otherwise none"""
    seconds: float

    def __post_init__(self) -> None:
        require_finite(self.seconds)


class Metric(Record, frozen=True, kw_only=True):
    """A measured number of a model, with the data split that it was measured on."""

    name: str
    split: str
    value: float
    threshold: float | None

    def __post_init__(self) -> None:
        require_finite(self.value, self.threshold)


class SubmissionFacts(Record, frozen=True, kw_only=True):
    """Which submission a report is about: its path as given, and the SHA-256 of its bytes in hexadecimal."""

    path: str
    sha256: str


class SandboxFacts(Record, frozen=True, kw_only=True):
    """How the run was confined: the level, and the layers that were really applied."""

    level: SandboxLevel
    layers: tuple[str, ...]


class Environment(Record, frozen=True, kw_only=True):
    """The versions that a score depends on; None where the run did not need the package."""

    grader: str
    python: str
    tensorflow: str | None
    keras: str | None


class SourcePart(Record, frozen=True, kw_only=True):
    """The student's own text of a file, or of cell `cell` of a notebook (from 1)."""

    file: str
    cell: int | None
    text: str
    cut: bool = False
    """whether lines at the end were left out, because the text is longer than a report should be"""


class NetworkLayer(Record, frozen=True, kw_only=True):
    """One layer of a trained model."""

    kind: str
    name: str
    units: int | None = None
    """units or filters; None where the layer has none"""
    activation: str | None = None
    after: tuple[int, ...] = ()
    """the layers, from 0, whose outputs it takes"""


class ShownMistake(Record, frozen=True, kw_only=True):
    """One validation image that the model was sure about, and wrong."""

    target: int
    predicted: int
    probability: float
    """what the model gave the predicted class, from 0 to 1"""
    image: bytes
    """the image as the model saw it, as PNG; in JSON as base64"""


class Training(Record, frozen=True, kw_only=True):
    """What a model did while the grader trained it; nothing in it tells of a test image."""

    layers: tuple[NetworkLayer, ...]
    history: dict[str, tuple[float | None, ...]]
    """a number an epoch for `loss`, `accuracy`, `val_loss` and `val_accuracy`; None where it was not finite"""
    confusion: tuple[tuple[int, ...], ...] = ()
    """`(classes, classes)` counts of validation images: a row for each target, a column for each predicted class"""
    mistakes: tuple[ShownMistake, ...] = ()
    """the most confident first"""
    classes: tuple[str, ...] = ()
    """the names of the classes, where the course has some"""


class Report(Record, frozen=True, kw_only=True):
    """The whole record of one run."""

    format: Literal["grade-report/1"] = REPORT_FORMAT
    exercise: str
    title: str
    language: str
    submission: SubmissionFacts
    verdict: Verdict
    score: Score | None
    checks: tuple[CheckReport, ...]
    next_step: str | None = None
    """what to do next, in one sentence; None where every check passed or the grader failed"""
    notes: tuple[str, ...]
    metrics: tuple[Metric, ...]
    sandbox: SandboxFacts
    usage: Usage
    environment: Environment
    seconds: float
    sources: tuple[SourcePart, ...] = ()
    """the submission as it was read, so that a report can show its lines"""
    trainings: tuple[Training, ...] = ()
    """the models that were trained, in order"""

    def __post_init__(self) -> None:
        require_finite(self.seconds)
