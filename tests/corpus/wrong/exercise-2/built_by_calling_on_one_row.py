# fails: test_build_model_built
# says: The batch dimension is fixed at 1
import keras
import numpy as np


def build_model():
    model = keras.Sequential(
        [keras.layers.Dense(100, activation="sigmoid"), keras.layers.Dense(10, activation="softmax")]
    )
    model(np.zeros((1, 784)))
    return model
