# fails: test_build_output_layer_activation
# says: ten separate yes-or-no answers
from tensorflow import keras


def build_output_layer():
    return keras.layers.Dense(units=10, activation="sigmoid")
