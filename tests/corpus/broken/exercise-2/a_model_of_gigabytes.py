# fails: build_model
# says: MemoryError
import keras
import numpy as np


def build_model():
    weights = np.ones((784, 10_000_000), "float32")
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10_000_000)])
    model.set_weights([weights, weights[0]])
    return model
