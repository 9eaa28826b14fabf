# note: one general function behind all three; add() through a method of a class
import keras
from keras.layers import Dense, InputLayer


class Builder:
    def __init__(self, name=None):
        self.model = keras.Sequential(name=name)

    def put(self, layer):
        self.model.add(layer)
        return self

    def done(self):
        return self.model


def build_named_model():
    return keras.Sequential(
        name="fashion_mnist",
        layers=[
            InputLayer(shape=(784,)),
            Dense(100, activation="sigmoid", name="hidden"),
            Dense(10, activation="softmax", name="output"),
        ],
    )


def build_model_with_add():
    builder = Builder("fashion_mnist")
    builder.put(InputLayer(shape=(784,)))
    builder.put(Dense(100, activation="sigmoid", name="hidden"))
    builder.put(Dense(10, activation="softmax", name="output"))
    return builder.done()


def build_deep_model(hidden_units):
    builder = Builder().put(InputLayer(shape=(784,)))
    for units in list(hidden_units):
        builder.put(Dense(units, activation="sigmoid"))
    return builder.put(Dense(10, activation="softmax")).done()
