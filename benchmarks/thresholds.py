"""How far the solutions' accuracies spread over seeds: `python benchmarks/thresholds.py [--seeds N]`.

Trains each model as the grader does (its own process, five epochs, batches of 32, 9,600 images), with the grader's
seed and with N others, and prints how many standard deviations lie between the mean and the threshold of its check.
"""

from __future__ import annotations

import argparse
import os
import statistics
from pathlib import Path
from typing import Final

import msgspec

from grader.course import builtin_folder, read_course
from grader.protocol.values import KerasValue
from grader.sandbox.launcher import WarmLauncher
from grader.training import Memory, Trained, Trainer, TrainingOrder, order_for, read_dataset

Split = str
MODELS: Final[dict[str, tuple[str, str, str, Split, float]]] = {
    "exercise-2": ("flat", "sigmoid", "rmsprop", "validation", 0.80),
    "exercise-5": ("images", "relu", "rmsprop", "validation", 0.79),
    "exercise-6": ("images", "relu", "adam", "test", 0.78),
}
"""For each exercise: inputs, hidden activation, optimizer, and the split and threshold of its last check."""


class Forgetful(Memory):
    """A memory in which nothing stays, so that every order is really trained."""

    def get(self, _key: str) -> None:
        """Nothing is remembered."""
        return


def order(exercise: str) -> TrainingOrder:
    """The order to train the solution of an exercise."""
    import keras  # noqa: PLC0415 - takes long to import

    inputs, activation, optimizer, _split, _threshold = MODELS[exercise]
    first = [keras.Input((784,))] if inputs == "flat" else [keras.Input((28, 28)), keras.layers.Flatten()]
    dense = [keras.layers.Dense(100, activation=activation), keras.layers.Dense(10, activation="softmax")]
    model = keras.Sequential([*first, *dense])
    value = KerasValue("model", keras.saving.serialize_keras_object(model))
    return order_for(value, inputs="flat" if inputs == "flat" else "images", optimizer=optimizer)


def accuracy(trained: Trained, split: Split) -> float:
    """The accuracy that the check asks for, from 0 to 1."""
    return trained.validation_accuracy if split == "validation" else trained.test_accuracy


def main() -> None:
    """Print a line for each exercise."""
    parser = argparse.ArgumentParser(description="Spread of the solutions' accuracies over seeds.")
    parser.add_argument("--seeds", type=int, default=8, help="seeds besides the grader's own, 42")
    seeds = range(1, parser.parse_args().seeds + 1)
    dataset = read_course(builtin_folder()).dataset
    if dataset is None:
        raise SystemExit("the course has no data set")
    launcher = WarmLauncher(("numpy", "tensorflow", "keras"), "auto")
    trainer = Trainer(
        launcher=lambda: launcher,
        memory=Forgetful(Path(os.devnull)),
        data=lambda: read_dataset(dataset.file, dataset.sha256, dataset.validation_fraction, dataset.seed),
        data_sha256="0" * 64,
        seconds=120.0,
        progress=lambda _text: None,
    )
    try:
        for exercise, (_inputs, _activation, _optimizer, split, threshold) in MODELS.items():
            asked = order(exercise)
            own = accuracy(trainer.train(asked), split)
            others = [accuracy(trainer.train(msgspec.structs.replace(asked, seed=seed)), split) for seed in seeds]
            mean, deviation = statistics.mean(others), statistics.stdev(others)
            print(
                f"{exercise}: {split} {own:.4f} with seed 42; over {len(others)} others {min(others):.4f} to"
                f" {max(others):.4f}, mean {mean:.4f}, standard deviation {deviation:.4f};"
                f" {threshold:.2f} is {(mean - threshold) / deviation:.1f} of these below the mean",
                flush=True,
            )
    finally:
        trainer.close()
        launcher.close()


if __name__ == "__main__":
    main()
