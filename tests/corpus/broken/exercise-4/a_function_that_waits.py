# fails: test_build_deep_model_kind
# says: seconds
import time

import keras


def build_named_model():
    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Dense(100, activation="sigmoid", name="hidden"),
            keras.layers.Dense(10, activation="softmax", name="output"),
        ],
        name="fashion_mnist",
    )


def build_deep_model(hidden_units):
    while True:
        time.sleep(1)
