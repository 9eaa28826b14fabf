"""Exercise 1: prepare the data.

Fashion-MNIST comes as images of 28 x 28 pixels, each a whole number from 0 to 255, and a label from 0 to 9 for each
image. A dense layer wants one row of numbers near zero for each sample, and you want some samples held out to tell
how well a model does on images that it was not trained on. Four small functions get you there.
"""

import numpy as np


def scale_pixels(images: np.ndarray) -> np.ndarray:
    """Return the pixels as floats between 0 and 1: each pixel divided by 255.

    `images` holds any number of images, even none, as `uint8` or as floats. The shape stays the same, and `images`
    itself must not change.
    """
    raise NotImplementedError


def flatten_images(images: np.ndarray) -> np.ndarray:
    """Return the images of shape `(n, 28, 28)` as rows of shape `(n, 784)`.

    The pixels of an image follow each other row by row, and their dtype stays the same.
    """
    raise NotImplementedError


def split_validation(inputs: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Hold out 20 % of the samples for validation, and return four arrays.

    Their order is `(train_inputs, val_inputs, train_targets, val_targets)`. Split them as scikit-learn's
    `train_test_split` does with `test_size=0.2` and `random_state=42`.
    """
    raise NotImplementedError


def prepare_data(images: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Scale the images, flatten them and split them: the three functions above, one after the other.

    For 60,000 images, return `(train_inputs, val_inputs, train_targets, val_targets)` of the shapes `(48000, 784)`,
    `(12000, 784)`, `(48000,)` and `(12000,)`.
    """
    raise NotImplementedError
