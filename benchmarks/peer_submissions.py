"""Twelve submissions for an exercise, two right and ten wrong: the solution, with one thing changed in each."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_Change = tuple[str, str]
_CHANGES: dict[str, list[list[_Change]]] = {
    "exercise-1": [
        [],
        [("images / 255.0", "images.astype(float) * (1 / 255)"), ("len(images), 28 * 28", "-1, 784")],
        [("images / 255.0", "images / 256.0")],
        [("return images / 255.0", "images /= 255.0\n    return images")],
        [("len(images), 28 * 28", "-1")],
        [("(len(images), 28 * 28)", '(len(images), 28 * 28), order="F"')],
        [("test_size=0.2, random_state=42\n", "test_size=0.25, random_state=42\n")],
        [("random_state=42\n", "random_state=0\n")],
        [("return train_inputs, val_inputs, train_targets", "return train_inputs, train_targets, val_inputs")],
        [("flatten_images(scale_pixels(images))", "scale_pixels(images)")],
        [("flatten_images(scale_pixels(images))", "flatten_images(images)")],
        [("return split_validation(flatten", "raise NotImplementedError(flatten")],
    ],
    "exercise-2": [
        [],
        [("keras.Sequential([", "keras.models.Sequential(layers=["), ("shape=(784,)", "(784,)")],
        [('activation="sigmoid"', 'activation="relu"')],
        [('Dense(10, activation="softmax")', 'Dense(1, activation="softmax")')],
        [("Dense(100,", "Dense(128,")],
        [("keras.Input(shape=(784,)), ", "")],
        [("build_hidden_layer(), build_output_layer()]", "build_output_layer(), build_hidden_layer()]")],
        [('activation="softmax"', 'activation="sigmoid"')],
        [("shape=(784,)", "shape=(28, 28)")],
        [
            ("import keras\n", "import keras\n\nLAYER = keras.layers.Dense(10, 'softmax')\n"),
            ('keras.layers.Dense(10, activation="softmax")', "LAYER"),
        ],
        [("build_hidden_layer(), build", "build_hidden_layer(), keras.layers.Dropout(0.2), build")],
        [("Dense(100,", "Dense(100, use_bias=False,")],
    ],
}
RIGHT = 2
"""The first so many are right."""


def submissions(exercise: str, count: int) -> list[str]:
    """`count` texts, all different: the twelve, over and over, with a comment of its own in each."""
    stem = exercise.replace("-", "_")
    solution = (ROOT / "solutions" / exercise / f"{stem}.py").read_text("utf-8")
    texts = []
    for changes in _CHANGES[exercise]:
        text = solution
        for old, new in changes:
            if old not in text:
                raise ValueError(f"{exercise}: the solution has no {old!r}")
            text = text.replace(old, new)
        texts.append(text)
    return [f"{texts[number % len(texts)]}\n# submission {number}\n" for number in range(count)]


def is_right(number: int) -> bool:
    """Whether the submission of this number passes everything."""
    return number % 12 < RIGHT
