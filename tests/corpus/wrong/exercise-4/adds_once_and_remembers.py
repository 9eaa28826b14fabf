# fails: test_build_model_with_add_fresh
# says: returned the same object
import functools

import keras


@functools.lru_cache
def build_model_with_add():
    model = keras.Sequential(name="fashion_mnist")
    model.add(keras.Input(shape=(784,)))
    model.add(keras.layers.Dense(100, activation="sigmoid", name="hidden"))
    model.add(keras.layers.Dense(10, activation="softmax", name="output"))
    return model
