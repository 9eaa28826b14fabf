# fails: build_output_layer
# says: fewer arguments
# says: Compare the call
import keras


def build_output_layer():
    return keras.layers.Dense(10, activation=keras.activations.softmax(axis=0))
