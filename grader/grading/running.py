"""Running the checks of one submission: the processes, the questions, the trainings, and pytest in this process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec
import numpy as np
from platformdirs import user_cache_path

from grader.checking import CheckContext, CheckRunner
from grader.checking.calls import Question
from grader.course import Course, Exercise
from grader.errors import InternalError, UsageError
from grader.grading.assembling import Run
from grader.grading.questions import Questions
from grader.grading.showing import training_of
from grader.grading.states import States
from grader.language import Text, _
from grader.protocol.values import KerasValue
from grader.records import Limits, SandboxMode, Training
from grader.sandbox.importing import import_all
from grader.sandbox.launcher import Launcher, choose_launcher, clean_environment
from grader.sandbox.preloads import OPTIONAL, preloads
from grader.submission import Submission
from grader.training import (
    Memory,
    Trained,
    Trainer,
    order_for,
    read_dataset,
    read_training_part,
    rebuild_answer,
)
from grader.training.data import split_positions, split_sha256

Progress = Callable[[Text], None]
Launch = Callable[[SandboxMode, tuple[str, ...]], Launcher]
_KERAS: Final = ("keras", "tensorflow")
_FOR_KERAS: Final = ("TF_", "CUDA_", "KERAS_")
"""Beginnings of the environment's variables that Keras must find here as it does in a fork."""
_LOADERS: Final = ("load_data", "keras.datasets.fashion_mnist.load_data")
"""The identifier in a submission, and the full name of the function that gives the course's own images."""
_MEMORY_FILE: Final = "accuracies.sqlite"


class Rooms:
    """What the runs of one session share: warm processes by what they have imported, and the trainings' memory."""

    def __init__(
        self, course: Course, mode: SandboxMode, progress: Progress, failed: Progress, launch: Launch = choose_launcher
    ) -> None:
        self._course = course
        self._mode = mode
        self._launch = launch
        self._progress = progress
        self._failed = failed
        self._launchers: dict[tuple[str, ...], Launcher] = {}
        self._prefetched = False
        self._trainers: dict[int, Trainer] = {}
        self._validation_images: np.ndarray | None = None
        self._checks = CheckRunner()

    @property
    def folder(self) -> str | None:
        """The folder of the first warm process; None where there is none yet."""
        return next((launcher.folder for launcher in self._launchers.values()), None)

    def close(self) -> None:
        """End every process."""
        self._checks.close()
        for trainer in self._trainers.values():
            trainer.close()
        for launcher in self._launchers.values():
            launcher.close()
        self._launchers.clear()
        self._trainers.clear()

    def run(
        self,
        exercise: Exercise,
        submission: Submission,
        states: States,
        limits: Limits,
        *,
        shuffle: int | None = None,
        training_seed: int | None = None,
        heard: Callable[[Question], None] | None = None,
    ) -> Run:
        """Ask the submission what the exercise's checks want to know. Raises InternalError when the grader fails.

        `shuffle` is a seed for another order of the checks, `training_seed` one for other trainings; `heard`
        is told of every question.
        """
        imports = preloads(submission.imports | set(exercise.imports))
        keras = bool(packages(imports) & set(_KERAS))
        launcher = self._launcher(imports)
        if keras:
            if not self._prefetched:
                self._progress(_("Loading TensorFlow…"))
            self._prefetch()
        questions = Questions(submission, limits, launcher.start_subject, lambda: self._datasets(submission))
        shown: list[Training] = []
        context = CheckContext(
            ask=questions.ask,
            rebuild=self._rebuild,
            train=self._train_with(launcher, limits.training_seconds, shown, training_seed),
            source=submission,
            seed=self._course.seed,
            exercise=exercise.id,
            states=states,
            shuffle=shuffle,
            heard=heard,
        )
        try:
            self._checks.prepare(exercise.checks, context)
            questions.load()
            require_importable(launcher.failed, exercise)
            self._progress(_("Checking {exercise}…", exercise=exercise.id))
            checks = self._checks.run(exercise.checks, context)
        finally:
            usage = questions.close()
        for check in checks:
            if check.detail is not None:  # may quote what is hidden, so it is told here and not in the report
                self._failed(_("The grader's own error in {check}: {detail}", check=check.id, detail=check.detail))
        return Run(
            checks=checks,
            usage=usage,
            sandbox=launcher.facts,
            raised=questions.raised,
            warnings=questions.warnings,
            keras=keras,
            trainings=tuple(shown),
        )

    def _launcher(self, names: tuple[str, ...]) -> Launcher:
        """A launcher whose warm process has imported `names`; one that has more will do."""
        for held, launcher in list(self._launchers.items()):
            if not launcher.usable:
                self._forget(held)
            elif packages(names) <= packages(held):
                return launcher
        launcher = self._launch(self._mode, names)
        self._launchers[names] = launcher
        return launcher

    def _forget(self, names: tuple[str, ...]) -> None:
        """Close a launcher that can start nothing any more, and the trainer whose process came from it."""
        launcher = self._launchers.pop(names)
        trainer = self._trainers.pop(id(launcher), None)
        if trainer is not None:
            trainer.close()
        launcher.close()

    def _prefetch(self) -> None:
        """Import Keras here, which checks need for models, in a thread, while the warm process imports it too."""
        if not self._prefetched:
            self._prefetched = True
            environment = clean_environment()
            os.environ.update({name: environment[name] for name in environment if name.startswith(_FOR_KERAS)})
            threading.Thread(target=_import_quietly, args=(["keras"],), daemon=True).start()

    def _rebuild(self, value: KerasValue) -> Any:
        self._prefetch()
        return rebuild_answer(value)

    def _datasets(self, submission: Submission) -> dict[str, Any]:
        identifier, name = _LOADERS
        dataset = self._course.dataset
        if dataset is None or identifier not in submission.mentions:
            return {}
        images, targets = read_training_part(dataset.file, dataset.sha256)
        # The test images are secret: what a submission gets in their place is the end of the training images.
        rest = len(images) // 5
        return {name: ((images, targets), (images[-rest:], targets[-rest:]))}

    def _train_with(
        self, launcher: Launcher, seconds: float, shown: list[Training], seed: int | None
    ) -> Callable[..., Trained]:
        """What trains a model for a check, and adds to `shown` what the report shows of it."""

        def train(model: KerasValue, *, inputs: Any, optimizer: str | None, loss: str | None, epochs: int) -> Trained:
            order = order_for(model, inputs=inputs, optimizer=optimizer, loss=loss, epochs=epochs)
            if seed is not None:
                order = msgspec.structs.replace(order, seed=seed)
            trained = self._trainer(launcher, seconds).train(order)
            training = training_of(trained, order.config, self._validation_image)
            if training not in shown:
                shown.append(training)
            return trained

        return train

    def _validation_image(self, position: int) -> np.ndarray:
        """The validation image at `position` of the split, `(28, 28)` `uint8`; asked only after a training."""
        dataset = self._course.dataset
        if dataset is None:
            raise InternalError(_("This course has no data set to train on."))
        if self._validation_images is None:
            images, _targets = read_training_part(dataset.file, dataset.sha256)
            self._validation_images = images[split_positions(len(images), dataset.validation_fraction, dataset.seed)[1]]
        image: np.ndarray = self._validation_images[position]
        return image

    def _trainer(self, launcher: Launcher, seconds: float) -> Trainer:
        dataset = self._course.dataset
        if dataset is None:
            raise InternalError(_("This course has no data set to train on."))
        if id(launcher) not in self._trainers:
            split = (dataset.sha256, dataset.validation_fraction, dataset.seed)
            self._trainers[id(launcher)] = Trainer(
                launcher=lambda: launcher,
                memory=Memory(user_cache_path("grader") / _MEMORY_FILE),
                data=lambda: read_dataset(dataset.file, *split),
                data_sha256=split_sha256(*split),
                seconds=seconds,
                progress=self._progress,
            )
        return self._trainers[id(launcher)]


def require_importable(failed: Mapping[str, str], exercise: Exercise) -> None:
    """Raises UsageError where this machine cannot import what the grader brings, or has anything broken.

    Else a submission that imports it would fail, through no fault of its own.
    """
    for module, why in failed.items():
        if module not in OPTIONAL or not why.startswith(ModuleNotFoundError.__name__):
            raise UsageError(
                _(
                    "{exercise} cannot be graded here: {module} cannot be imported ({reason}). Install it again; "
                    "`grade doctor` shows what is there.",
                    exercise=exercise.id,
                    module=module,
                    reason=why,
                )
            )


def packages(names: Iterable[str]) -> frozenset[str]:
    """The top-level packages of module names; Keras brings TensorFlow with it."""
    found = {name.partition(".")[0] for name in names}
    return frozenset(found | {"tensorflow"} if "keras" in found else found)


def _import_quietly(modules: list[str]) -> None:
    """Import modules whose libraries write to the standard error before anyone can tell them not to."""
    saved, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        import_all(modules)
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nothing)
