"""Exercise 2: the two-layer model.

784 pixels go into a hidden layer of 100 sigmoid units, and those into an output layer of 10 softmax units, one for
each class of Fashion-MNIST. You build the two layers first, then the model.
"""

import keras


def build_hidden_layer() -> keras.Layer:
    """Return a new dense layer of 100 units with the sigmoid activation."""
    return keras.layers.Dense(100, activation="sigmoid")


def build_output_layer() -> keras.Layer:
    """Return a new dense layer of 10 units with the softmax activation."""
    return keras.layers.Dense(10, activation="softmax")


def build_model() -> keras.Sequential:
    """Return a new `keras.Sequential` of the hidden layer and the output layer, built for inputs of 784 numbers.

    Its input shape is `(None, 784)`, its output shape `(None, 10)`, and it has 79,510 parameters. You need neither
    compile nor train it: the grader does, with RMSprop and sparse categorical cross-entropy, for five epochs.
    Every call makes new layers, so that two models share no weights.
    """
    return keras.Sequential([keras.Input(shape=(784,)), build_hidden_layer(), build_output_layer()])
