# fails: test_build_deep_model_fresh
# says: returned the same object
import functools

import keras


@functools.lru_cache
def _build(hidden_units):
    model = keras.Sequential([keras.Input(shape=(784,))])
    for units in hidden_units:
        model.add(keras.layers.Dense(units, activation="sigmoid"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model


def build_deep_model(hidden_units):
    return _build(tuple(hidden_units))
