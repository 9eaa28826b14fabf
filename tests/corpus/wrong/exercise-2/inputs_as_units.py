# fails: test_build_hidden_layer_kind
# says: multiple values for argument 'activation'
# says: the second argument is activation, not units
import keras


def build_hidden_layer():
    return keras.layers.Dense(784, 100, activation="sigmoid")
