# note: activation functions and activation objects; a layer that is built already
from tensorflow import keras


def build_hidden_layer():
    layer = keras.layers.Dense(100, activation=keras.activations.sigmoid)
    layer.build((None, 784))
    return layer


def build_output_layer():
    return keras.layers.Dense(units=10, activation=keras.activations.get("softmax"))


def build_model():
    model = keras.Sequential([build_hidden_layer(), build_output_layer()])
    model.build(input_shape=(None, 784))
    return model
