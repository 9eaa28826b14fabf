# fails: test_build_hidden_layer_activation
# says: The hidden layer has no activation
import keras


def build_hidden_layer():
    return keras.layers.Dense(100)
