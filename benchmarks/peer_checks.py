"""The checks that every peer runs: exercise-1 and exercise-2 as plain assertions, the accuracy included.

Copied beside each peer's own files; needs NumPy, scikit-learn and, for exercise-2, Keras, and nothing of the grader.
Checks know nothing of each other, as is usual: one that fails keeps no other from being run.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Check = Callable[[Any], None]
_RNG = np.random.default_rng(7)
THRESHOLD = 0.8


def _images(count: int) -> np.ndarray:
    return _RNG.integers(0, 256, (count, 28, 28)).astype(np.uint8)


def scaled(student: Any) -> None:
    """The pixels are divided by 255."""
    images = _images(5)
    assert np.allclose(student["scale_pixels"](images), images / 255)


def scaled_floats(student: Any) -> None:
    """Floats too, and none is changed in place."""
    images = _images(4).astype(np.float32)
    given = images.copy()
    assert np.allclose(student["scale_pixels"](given), images / 255)
    assert np.array_equal(given, images)


def flattened(student: Any) -> None:
    """Rows of 784 in the order of the pixels, of the same dtype."""
    images = _images(7)
    flat = student["flatten_images"](images)
    assert flat.shape == (7, 784)
    assert flat.dtype == images.dtype
    assert np.array_equal(flat, images.reshape(7, 784))


def split(student: Any) -> None:
    """The same four arrays as scikit-learn gives."""
    from sklearn.model_selection import train_test_split

    inputs, targets = np.arange(100.0).reshape(50, 2), np.arange(50)
    parts = student["split_validation"](inputs, targets)
    assert len(parts) == 4
    for part, wanted in zip(parts, train_test_split(inputs, targets, test_size=0.2, random_state=42), strict=True):
        assert np.array_equal(part, wanted)


def prepared(student: Any) -> None:
    """All three, one after the other."""
    from sklearn.model_selection import train_test_split

    images, targets = _images(60), np.arange(60) % 10
    parts = student["prepare_data"](images, targets)
    wanted = train_test_split(images.reshape(60, 784) / 255, targets, test_size=0.2, random_state=42)
    assert len(parts) == 4
    for part, other in zip(parts, wanted, strict=True):
        assert part.shape == other.shape
        assert np.allclose(part, other)


def _layer(layer: Any, units: int, activation: str) -> None:
    import keras

    assert isinstance(layer, keras.layers.Dense)
    assert layer.units == units
    assert layer.activation.__name__ == activation
    assert layer.use_bias


def hidden(student: Any) -> None:
    """A hundred sigmoid units, new at each call."""
    _layer(student["build_hidden_layer"](), 100, "sigmoid")
    assert student["build_hidden_layer"]() is not student["build_hidden_layer"]()


def output(student: Any) -> None:
    """Ten softmax units, new at each call."""
    _layer(student["build_output_layer"](), 10, "softmax")
    assert student["build_output_layer"]() is not student["build_output_layer"]()


def model(student: Any) -> None:
    """The two layers for inputs of 784 numbers, new at each call."""
    import keras

    built = student["build_model"]()
    assert isinstance(built, keras.Sequential)
    assert built.built
    assert built.input_shape == (None, 784)
    assert built.output_shape == (None, 10)
    assert len(built.layers) == 2
    _layer(built.layers[0], 100, "sigmoid")
    _layer(built.layers[1], 10, "softmax")
    assert built.count_params() == 79_510
    assert built.layers[0] is not student["build_model"]().layers[0]


def accuracy(student: Any) -> None:
    """At least 0.8 on the validation images after five epochs."""
    import keras

    keras.utils.set_random_seed(42)
    built = student["build_model"]()
    with np.load(Path(__file__).parent / "images.npz") as data:
        train, validation = data["train_inputs"], data["validation_inputs"]
        train_targets, validation_targets = data["train_targets"], data["validation_targets"]
    built.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    built.fit(train, train_targets, epochs=5, verbose=0)
    assert built.evaluate(validation, validation_targets, verbose=0)[1] >= THRESHOLD


CHECKS: dict[str, list[Check]] = {
    "exercise-1": [scaled, scaled_floats, flattened, split, prepared],
    "exercise-2": [hidden, output, model, accuracy],
}
