# fails: test_build_hidden_layer_kind
# says: without a comma behind it
import keras


def build_hidden_layer():
    return (keras.layers.Dense(100, activation="sigmoid"),)
