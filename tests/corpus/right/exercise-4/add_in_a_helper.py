from tensorflow import keras
from tensorflow.keras.layers import Dense


def extend(model, *layers):
    for layer in layers:
        model.add(layer)
    return model


def build_model_with_add():
    model = keras.Sequential([keras.Input(shape=(784,))], name="fashion_mnist")
    return extend(model, Dense(100, "sigmoid", name="hidden"), Dense(10, "softmax", name="output"))


def build_deep_model(hidden_units=()):
    model = keras.Sequential()
    model.add(keras.Input(shape=(784,)))
    return extend(model, *[Dense(n, "sigmoid") for n in list(hidden_units)], Dense(10, "softmax"))
