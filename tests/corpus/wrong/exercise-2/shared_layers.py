# fails: test_build_hidden_layer_fresh, test_build_output_layer_fresh, test_build_model_fresh
# says: share layers
# says: returned the same object
import keras

hidden = keras.layers.Dense(100, activation="sigmoid")
output = keras.layers.Dense(10, activation="softmax")


def build_hidden_layer():
    return hidden


def build_output_layer():
    return output


def build_model():
    return keras.Sequential([keras.Input(shape=(784,)), hidden, output])
