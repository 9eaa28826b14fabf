# fails: test_build_hidden_layer_kind
# says: the second argument is activation, not units
import keras


def build_hidden_layer():
    return keras.layers.Dense(784, 100)
