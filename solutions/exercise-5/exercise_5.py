"""Exercise 5: ReLU.

The sigmoid flattens out for large inputs, and a deep network then learns slowly. The rectified linear unit keeps what
is positive and makes the rest zero. You write the function once yourself, then let Keras use its own in a model that
also takes the images as they are.
"""

import keras
import numpy as np


def relu(z: np.ndarray | float) -> np.ndarray | float:
    """Return `max(0, z)`, element by element.

    `z` is a NumPy array of any shape, or a number. Infinity stays infinity, NaN stays NaN, and `z` itself must not
    change.
    """
    return np.maximum(0, z)


def build_relu_model() -> keras.Sequential:
    """Return a new `keras.Sequential` for images of shape `(28, 28)`, of three layers.

    They are a `Flatten` layer, a dense layer of 100 ReLU units and a dense layer of 10 softmax units, with 79,510
    parameters in all. You need neither compile nor train the model: the grader does, with RMSprop, for five epochs, on
    images that are not flattened.
    """
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
