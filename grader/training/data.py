"""The course's images: read, checked against the recorded hash, and split."""

from __future__ import annotations

import hashlib
import io
import math
import zipfile
from pathlib import Path
from typing import Final

import numpy as np

from grader.errors import CourseError
from grader.language import _, reason_of
from grader.records import Record

PIXEL_MAXIMUM: Final = 255
_ARRAYS: Final = ("train_images", "train_targets", "test_images", "test_targets")


class TrainingData(Record, frozen=True, kw_only=True):
    """What a model is trained on and measured with.

    Inputs are `float32` in [0, 1], `(n, 28, 28)`; targets `uint8` class numbers, `(n,)`.
    """

    train_inputs: np.ndarray
    train_targets: np.ndarray
    validation_inputs: np.ndarray
    validation_targets: np.ndarray
    test_inputs: np.ndarray
    test_targets: np.ndarray


def read_dataset(file: Path, sha256: str, validation_fraction: float, seed: int) -> TrainingData:
    """The data of a course, split as scikit-learn's `train_test_split(test_size=..., random_state=seed)` splits it.

    Raises CourseError when the file is missing, is not the one with this SHA-256, or is no such data.
    """
    arrays = _read_arrays(file, sha256)
    images, targets = _scaled(arrays["train_images"]), arrays["train_targets"]
    train, validation = split_positions(len(images), validation_fraction, seed)
    return TrainingData(
        train_inputs=images[train],
        train_targets=targets[train],
        validation_inputs=images[validation],
        validation_targets=targets[validation],
        test_inputs=_scaled(arrays["test_images"]),
        test_targets=arrays["test_targets"],
    )


def read_training_part(file: Path, sha256: str) -> tuple[np.ndarray, np.ndarray]:
    """The training images `(n, 28, 28)` and targets `(n,)` as they are, `uint8`; never a test image.

    This is what a subject may know. Raises CourseError as `read_dataset`.
    """
    arrays = _read_arrays(file, sha256)
    return arrays["train_images"], arrays["train_targets"]


def split_positions(count: int, fraction: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The positions to train on and to hold out, in scikit-learn's order.

    Written out here because `import sklearn.model_selection` takes longer than a training; NumPy keeps the stream of
    `RandomState` as it is for all time.
    """
    held_out = math.ceil(fraction * count)
    positions = np.random.RandomState(seed).permutation(count)
    return positions[held_out:], positions[:held_out]


def split_sha256(sha256: str, validation_fraction: float, seed: int) -> str:
    """A hash of the data together with how it is split: what a trained accuracy really depends on."""
    return hashlib.sha256(f"{sha256} {validation_fraction!r} {seed}".encode()).hexdigest()


def _scaled(images: np.ndarray) -> np.ndarray:
    return images.astype(np.float32) / np.float32(PIXEL_MAXIMUM)


def _read_arrays(file: Path, sha256: str) -> dict[str, np.ndarray]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CourseError(
            _(
                "The course's data {file} cannot be read ({reason}): restore it, or correct `file` in course.toml.",
                file=str(file),
                reason=reason_of(error),
            )
        ) from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise CourseError(
            _(
                "The course's data {file} is not the recorded file; restore it, or correct `sha256` in course.toml.",
                file=str(file),
            )
        )
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in _ARRAYS}
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise _wrong(file, f"{type(error).__name__}: {error}") from None
    # The images stand with their number last in the file, which packs them smaller.
    for part in ("train", "test"):
        images, targets = np.moveaxis(arrays[f"{part}_images"], -1, 0), arrays[f"{part}_targets"]
        if images.ndim != 3 or targets.shape != images.shape[:1] or {images.dtype, targets.dtype} != {np.dtype("u1")}:
            raise _wrong(file, f"{part}: {images.shape} {images.dtype}, {targets.shape} {targets.dtype}")
        arrays[f"{part}_images"] = np.ascontiguousarray(images)
    return arrays


def _wrong(file: Path, reason: str) -> CourseError:
    return CourseError(
        _(
            "The course's data {file} does not hold `train_images`, `train_targets`, `test_images` and `test_targets` "
            "as scripts/make_dataset.py writes them ({reason}).",
            file=str(file),
            reason=reason,
        )
    )
