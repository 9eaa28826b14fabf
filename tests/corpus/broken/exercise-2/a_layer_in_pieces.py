# fails: test_build_hidden_layer_kind
# says: build_hidden_layer
import keras


class Broken(keras.layers.Dense):
    def get_config(self):
        raise RuntimeError("no configuration for you")


def build_hidden_layer():
    return Broken(100, activation="sigmoid")
