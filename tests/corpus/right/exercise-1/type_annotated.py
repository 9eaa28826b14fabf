# note: annotations, a type alias, docstrings, a guard at the end
"""My preparation."""
from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import train_test_split

Images: TypeAlias = npt.NDArray[np.uint8]


def scale_pixels(images: Images) -> npt.NDArray[np.float32]:
    """Scales."""
    return images.astype(np.float32) / np.float32(255)


def flatten_images(images: npt.NDArray) -> npt.NDArray:
    return images.reshape((-1, 784), order="C")


def split_validation(inputs: npt.NDArray, targets: npt.NDArray, /) -> list[npt.NDArray]:
    return train_test_split(inputs, targets, test_size=0.2, random_state=42)


def prepare_data(images: Images, targets: npt.NDArray) -> list[npt.NDArray]:
    return split_validation(scale_pixels(flatten_images(images)), targets)


if __name__ == "__main__":
    import does_not_exist

    raise SystemExit(does_not_exist)
