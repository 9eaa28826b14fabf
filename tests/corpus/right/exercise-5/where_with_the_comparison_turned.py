# note: `z < 0` is false for NaN, so that NaN stays; a number comes back as an array without dimensions
import keras
import numpy as np


def relu(z):
    return np.where(np.asarray(z) < 0, 0, z)


def build_relu_model():
    inputs = keras.Input(shape=(28, 28))
    return keras.Sequential(
        [inputs, keras.layers.Flatten(), keras.layers.Dense(100, activation=keras.activations.relu),
         keras.layers.Dense(10, activation=keras.activations.softmax)]
    )
