# fails: build_model
# says: Did you mean
import keras


def build_hidden_layer():
    return keras.layers.Dense(100, activation="sigmoid")


def build_modle():
    return keras.Sequential([keras.Input(shape=(784,)), build_hidden_layer()])
