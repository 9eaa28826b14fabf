# fails: test_build_model_with_add_calls
# says: not that of a model
# note: the layers are added to a collection, and the model is made from a list of them
import keras
import numpy as np


def build_model_with_add():
    hidden = keras.layers.Dense(100, activation="sigmoid", name="hidden")
    output = keras.layers.Dense(10, activation="softmax", name="output")
    names: set[str] = set()
    names.add(hidden.name)
    names.add(output.name)
    assert np.add(1, 1) == len(names)
    return keras.Sequential([keras.Input(shape=(784,)), hidden, output], name="fashion_mnist")
