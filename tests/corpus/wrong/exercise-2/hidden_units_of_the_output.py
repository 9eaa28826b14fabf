# fails: test_build_hidden_layer_units
# says: Ten units are those of the output layer
import keras


def build_hidden_layer():
    return keras.layers.Dense(10, activation="sigmoid")
