# note: works on a copy, handles numbers apart; other initial weights
import keras
import numpy as np


def relu(z):
    if np.isscalar(z):
        return max(z, 0)
    out = z.copy()
    out[out < 0] = 0
    return out


def build_relu_model():
    return keras.Sequential(
        [
            keras.layers.InputLayer(shape=(28, 28)),
            keras.layers.Flatten(name="flatten"),
            keras.layers.Dense(100, activation="relu", kernel_initializer="he_normal"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
