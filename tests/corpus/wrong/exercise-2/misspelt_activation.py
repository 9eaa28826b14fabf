# fails: test_build_hidden_layer_kind
# says: Keras knows no activation named
import keras


def build_hidden_layer():
    return keras.layers.Dense(100, activation="sigmiod")
