from keras import Sequential, activations, layers
from keras.layers import Activation, Dense, InputLayer


def build_hidden_layer():
    return Dense(100, activation=activations.get("sigmoid"), kernel_initializer="he_normal")


def build_output_layer():
    return Dense(10, activations.softmax)


def build_model():
    return Sequential([InputLayer(shape=(784,)), build_hidden_layer(), build_output_layer()], name="two_layers")
