# fails: test_build_output_layer_kind
# says: output_dim is called units now
import keras


def build_output_layer():
    return keras.layers.Dense(output_dim=10, activation="softmax")
