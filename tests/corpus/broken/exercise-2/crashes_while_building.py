# fails: build_model
# says: exit code 1
import os

import keras


def build_model():
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(100, activation="sigmoid")])
    os._exit(1)
    return model
