"""The grader's side of training: asks the memory first, then the process that trains."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

import msgspec

from grader.errors import (
    AnswerError,
    InternalError,
    LimitError,
    ProtocolError,
    SubjectDied,
    TrainingError,
)
from grader.language import Text, _
from grader.training import refusals
from grader.training.data import TrainingData
from grader.training.examination import Examination, well_formed
from grader.training.memory import Memory
from grader.training.mistakes import explain, first_line
from grader.training.orders import Trained, TrainingOrder, training_key, vetted
from grader.training.vet import MAX_PARAMETERS

ENTRY: Final = "grader.training.trainer:serve"
ANSWER_BYTES: Final = 1024**2
START_SECONDS: Final = 120.0
"""Wall time for a new process to import what it lacks and take the data."""
LIFE_SECONDS: Final = 600.0
"""Wall time of training after which a process is replaced, well below what a limit of its processor time may be."""


class TrainingProcess(Protocol):
    """A child that answers requests; `grader.sandbox` has them."""

    def ask(self, request: Any, *, seconds: float, answer_bytes: int | None = None) -> Any:
        """The answer to a request, within so many seconds."""

    def kill(self) -> None:
        """End it."""


class Launcher(Protocol):
    """Whoever starts a child; `grader.sandbox` has two."""

    def start_trusted(self, entry: str) -> TrainingProcess:
        """A child in which TensorFlow is imported and has run nothing, at this entry."""


class _Answer(msgspec.Struct, frozen=True):
    history: dict[str, tuple[float, ...]]
    validation_accuracy: float
    test_accuracy: float
    seconds: float
    examination: Examination | None


class Trainer:
    """Trains models, each order once and then never again. One process is kept for all orders; call `close` at the end.

    `seconds` is the wall time that one training may take; `launcher` and `data` are called only when something is
    really trained.
    """

    def __init__(
        self,
        *,
        launcher: Callable[[], Launcher],
        memory: Memory,
        data: Callable[[], TrainingData],
        data_sha256: str,
        seconds: float,
        progress: Callable[[Text], None],
    ) -> None:
        self._launcher = launcher
        self._memory = memory
        self._data = data
        self._data_sha256 = data_sha256
        self._seconds = seconds
        self._progress = progress
        self._process: TrainingProcess | None = None
        self._used_seconds = 0.0

    def train(self, order: TrainingOrder) -> Trained:
        """What comes of this order: remembered, or trained now and remembered from now on.

        Raises ModelError when the model cannot be trained (the message names the mistake), LimitError when it takes
        too long or too much memory, TrainingError when the process that trains failed by itself, and CourseError when
        the data cannot be read.
        """
        order = vetted(order)
        key = training_key(order, data_sha256=self._data_sha256)
        known = self._memory.get(key)
        if known is not None:
            return known
        with self._memory.turn(key, self._seconds):
            # Another process may have trained it in the meantime: most of a class hand in the same model.
            trained = self._memory.get(key)
            if trained is None:
                trained = self._train(order)
                self._memory.put(key, trained)
        return trained

    def close(self) -> None:
        """End the process, if there is one. A later order starts another."""
        if self._process is not None:
            with contextlib.suppress(InternalError):
                self._process.kill()
            self._process = None

    def _train(self, order: TrainingOrder) -> Trained:
        process = self._process or self._start()
        self._progress(_("Training the model for {epochs} epochs.", epochs=order.epochs))
        started = time.monotonic()
        settings = {name: getattr(order, name) for name in order.__struct_fields__}
        answer = self._ask(process, {"do": "train", **settings}, seconds=self._seconds)
        self._used_seconds += time.monotonic() - started
        if self._used_seconds > LIFE_SECONDS:
            self.close()
        if "parameters" in answer:
            refusals.too_many_parameters(answer["parameters"], MAX_PARAMETERS)
        try:
            found = msgspec.convert(answer, _Answer)
        except msgspec.ValidationError as error:
            raise TrainingError(
                _("The training process gave no answer that can be read ({reason}).", reason=str(error))
            ) from None
        if found.examination is not None and not well_formed(found.examination):
            raise TrainingError(
                _("The training process gave no answer that can be read ({reason}).", reason="examination")
            )
        return Trained(
            history=found.history,
            validation_accuracy=found.validation_accuracy,
            test_accuracy=found.test_accuracy,
            remembered=False,
            seconds=found.seconds,
            examination=found.examination,
        )

    def _start(self) -> TrainingProcess:
        data = self._data()
        process = self._process = self._launcher().start_trusted(ENTRY)
        self._used_seconds = 0.0
        try:
            values = {name: getattr(data, name) for name in data.__struct_fields__}
            self._ask(process, {"do": "data", **values}, seconds=START_SECONDS)
        except LimitError as error:
            raise TrainingError(_("The process that trains did not start ({reason}).", reason=error.message)) from None
        return process

    def _ask(self, process: TrainingProcess, request: dict[str, Any], *, seconds: float) -> dict[str, Any]:
        try:
            answer = process.ask(request, seconds=seconds, answer_bytes=ANSWER_BYTES)
        except LimitError as error:
            self.close()
            raise self._beyond_limits(error) from None
        except InternalError:
            self.close()
            raise
        except (SubjectDied, ProtocolError, AnswerError) as error:
            self.close()
            raise TrainingError(
                _("The process that trains ended by itself ({reason}).", reason=error.message)
            ) from None
        if not isinstance(answer, dict) or answer.get("fault") == "trainer":
            self.close()
            reason = first_line(str(answer.get("text"))) if isinstance(answer, dict) else type(answer).__name__
            raise TrainingError(_("The process that trains cannot work ({reason}).", reason=reason))
        if "fault" in answer:
            raise explain(answer["error"], answer["text"], request["compile_config"])
        return answer

    def _beyond_limits(self, error: LimitError) -> LimitError:
        if error.timed_out:
            message = _("Training the model took longer than the limit of {seconds:g} seconds.", seconds=self._seconds)
        else:
            message = _("Training the model needs more memory than the grader gives it.")
        return LimitError(
            message,
            timed_out=error.timed_out,
            hint=_("Use fewer or smaller layers; convolutions with many filters on whole images cost most."),
        )
