# fails: build_hidden_layer, build_output_layer, build_model
# says: parentheses
import keras


def build_hidden_layer():
    return keras.layers.Dense


def build_output_layer():
    return "Dense(10)"


def build_model():
    return keras.Sequential
