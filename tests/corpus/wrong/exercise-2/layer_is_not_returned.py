# fails: *
# says: None stands where a layer belongs
import keras


def build_hidden_layer():
    keras.layers.Dense(100, activation="sigmoid")


def build_output_layer():
    return keras.layers.Dense(10, activation="softmax")


def build_model():
    return keras.Sequential([keras.Input((784,)), build_hidden_layer(), build_output_layer()])
