# note: built by build() after all layers were added; names set through the constructor of a partial
from functools import partial, reduce

from keras import Sequential, layers

sigmoid = partial(layers.Dense, activation="sigmoid")
softmax = partial(layers.Dense, 10, activation="softmax")


def build_named_model():
    model = Sequential([sigmoid(100, name="hidden"), softmax(name="output")], name="fashion_mnist")
    model.build((None, 784))
    return model


def build_model_with_add():
    model = Sequential(name="fashion_mnist")
    model.add(sigmoid(100, name="hidden"))
    model.add(softmax(name="output"))
    model.build((None, 784))
    return model


def build_deep_model(hidden_units):
    def add(model, units):
        model.add(sigmoid(units))
        return model

    model = reduce(add, hidden_units, Sequential())
    model.add(softmax())
    model.build((None, 784))
    return model
