# fails: test_build_hidden_layer_activation, test_build_model_layers
# says: still asks for sigmoid
import keras


def build_hidden_layer():
    return keras.layers.Dense(100, activation="relu")


def build_model():
    return keras.Sequential(
        [keras.Input(shape=(784,)), build_hidden_layer(), keras.layers.Dense(10, activation="softmax")]
    )
