# fails: test_build_relu_model_kind
# says: a function of your own
import keras
import numpy as np


def relu(z):
    return np.maximum(0, z)


def build_relu_model():
    model = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(100, activation=relu),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    return model
