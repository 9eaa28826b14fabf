"""Exercise 4: other ways to add layers.

The same two-layer model in three other ways: from a list of layers that have names, with `add()`, and from a list of
numbers that says how many layers there are and how large each is.
"""

from collections.abc import Sequence

import keras


def build_named_model() -> keras.Sequential:
    """Return the model of exercise 2, made from a list of layers, with names.

    The dense layer of 100 sigmoid units is called `hidden`, the one of 10 softmax units `output`, and the model
    `fashion_mnist`. It is built for inputs of 784 numbers, and every call makes a new one.
    """
    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Dense(100, activation="sigmoid", name="hidden"),
            keras.layers.Dense(10, activation="softmax", name="output"),
        ],
        name="fashion_mnist",
    )


def build_model_with_add() -> keras.Sequential:
    """Return the same model with the same three names, made by calling the model's `add()` for each layer."""
    model = keras.Sequential(name="fashion_mnist")
    model.add(keras.Input(shape=(784,)))
    model.add(keras.layers.Dense(100, activation="sigmoid", name="hidden"))
    model.add(keras.layers.Dense(10, activation="softmax", name="output"))
    return model


def build_deep_model(hidden_units: Sequence[int]) -> keras.Sequential:
    """Return a model for inputs of 784 numbers with one dense sigmoid layer for each number in `hidden_units`.

    The layers stand in the order of the numbers, and a dense layer of 10 softmax units comes last. `[100]` makes the
    model of exercise 2; `[]` makes the output layer alone.
    """
    model = keras.Sequential()
    model.add(keras.Input(shape=(784,)))
    for units in hidden_units:
        model.add(keras.layers.Dense(units, activation="sigmoid"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model
