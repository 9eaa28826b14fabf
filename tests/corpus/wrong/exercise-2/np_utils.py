# fails: test_build_hidden_layer_kind, test_build_output_layer_kind, test_build_model_kind
# says: np_utils is gone from Keras 3
from keras.utils import np_utils

import keras


def build_hidden_layer():
    return keras.layers.Dense(100, activation="sigmoid")


def build_output_layer():
    return keras.layers.Dense(10, activation="softmax")


def build_model():
    return keras.Sequential([keras.Input(shape=(784,)), build_hidden_layer(), build_output_layer()])
