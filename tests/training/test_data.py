"""The course's images: what is in the file, how it is checked and split."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import grader.training
from grader.errors import CourseError
from grader.training import read_dataset, read_training_part
from grader.training.data import split_positions, split_sha256
from scripts import make_dataset

FILE = Path(grader.training.__file__).parent.parent / "data" / "fashion_mnist.npz"
SHA256 = hashlib.sha256(FILE.read_bytes()).hexdigest()
MAX_BYTES = 6_000_000


def test_the_file_is_small_enough() -> None:
    assert FILE.stat().st_size <= MAX_BYTES


def test_the_course_records_the_file() -> None:
    assert f'sha256 = "{SHA256}"' in (FILE.parent.parent.parent / "course.toml").read_text(encoding="utf-8")


def test_the_data_is_split_and_scaled() -> None:
    data = read_dataset(FILE, SHA256, 0.2, 42)
    assert data.train_inputs.shape == (9_600, 28, 28)
    assert data.validation_inputs.shape == (2_400, 28, 28)
    assert data.test_inputs.shape == (2_000, 28, 28)
    for inputs in (data.train_inputs, data.validation_inputs, data.test_inputs):
        assert inputs.dtype == np.float32
        assert (inputs.min(), inputs.max()) == (0.0, 1.0)
    assert np.bincount(data.test_targets).tolist() == [200] * 10
    together = np.concatenate([data.train_targets, data.validation_targets])
    assert np.bincount(together).tolist() == [1_200] * 10


def test_the_training_part_is_raw_and_holds_no_test_image() -> None:
    images, targets = read_training_part(FILE, SHA256)
    assert (images.shape, targets.shape) == ((12_000, 28, 28), (12_000,))
    assert images.dtype == targets.dtype == np.uint8
    # The first images of Fashion-MNIST: an ankle boot and two tops.
    assert targets[:3].tolist() == [9, 0, 0]
    data = read_dataset(FILE, SHA256, 0.2, 42)
    tests = {image.tobytes() for image in (data.test_inputs * 255).round().astype(np.uint8)}
    assert sum(image.tobytes() in tests for image in images) == 0


def test_another_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="not the recorded file"):
        read_dataset(FILE, "0" * 64, 0.2, 42)
    with pytest.raises(CourseError, match="cannot be read"):
        read_dataset(tmp_path / "missing.npz", SHA256, 0.2, 42)


def packed(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, allow_pickle=True, **arrays)
    return file.getvalue()


PIXELS, TARGETS = np.zeros((28, 28, 4), np.uint8), np.zeros(4, np.uint8)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 broken",
        packed(train_images=PIXELS),
        packed(train_images=PIXELS, train_targets=TARGETS, test_images=PIXELS, test_targets=TARGETS[:2]),
        packed(train_images=PIXELS / 2, train_targets=TARGETS, test_images=PIXELS, test_targets=TARGETS),
        packed(train_images=np.array([object()]), train_targets=TARGETS, test_images=PIXELS, test_targets=TARGETS),
    ],
)
def test_a_recorded_file_that_is_no_data_is_a_course_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "data.npz"
    file.write_bytes(content)
    with pytest.raises(CourseError, match="does not hold"):
        read_training_part(file, hashlib.sha256(content).hexdigest())


def test_the_hash_of_a_split_depends_on_all_of_it() -> None:
    hashes = {
        split_sha256(*split) for split in ((SHA256, 0.2, 42), (SHA256, 0.2, 1), (SHA256, 0.3, 42), ("x", 0.2, 42))
    }
    assert len(hashes) == 4


@pytest.mark.slow
@pytest.mark.parametrize(("count", "fraction", "seed"), [(12_000, 0.2, 42), (101, 0.25, 7), (10, 0.33, 0)])
def test_the_split_is_that_of_scikit_learn(count: int, fraction: float, seed: int) -> None:
    from sklearn.model_selection import train_test_split  # noqa: PLC0415 - slow to import

    expected = train_test_split(np.arange(count), test_size=fraction, random_state=seed)
    assert [part.tolist() for part in split_positions(count, fraction, seed)] == [part.tolist() for part in expected]


def test_the_script_packs_the_same_bytes_for_the_same_arrays() -> None:
    arrays = {"train_images": PIXELS, "train_targets": TARGETS}
    assert make_dataset.pack(arrays) == make_dataset.pack(arrays)
    with np.load(io.BytesIO(make_dataset.pack(arrays)), allow_pickle=False) as archive:
        assert np.array_equal(archive["train_images"], PIXELS)


def test_the_first_of_each_class_stay_in_order() -> None:
    targets = np.array([*range(10), *range(10), *range(10)])
    assert make_dataset.first_of_each_class(targets, 2).tolist() == list(range(20))


@pytest.mark.slow
@pytest.mark.skipif(not make_dataset.SOURCE.is_dir(), reason="the package dataset-fashion-mnist is not installed")
def test_the_file_holds_what_the_script_selects() -> None:
    arrays = make_dataset.select(make_dataset.SOURCE)
    with np.load(FILE, allow_pickle=False) as archive:
        assert set(archive) == set(arrays)
        assert all(np.array_equal(archive[name], array) for name, array in arrays.items())
