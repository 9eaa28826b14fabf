# fails: test_build_hidden_layer_kind
# says: Keras
import keras
import numpy as np


def build_hidden_layer():
    return keras.layers.Dense(100, activation=lambda z: 1 / (1 + np.exp(-z)))
