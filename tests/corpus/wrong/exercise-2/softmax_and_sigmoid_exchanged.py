# fails: test_build_hidden_layer_activation, test_build_output_layer_activation, test_build_model_layers
# says: Softmax belongs to the output layer
# says: ten separate yes-or-no answers
# says: has the activation softmax where sigmoid belongs
import keras


def build_hidden_layer():
    return keras.layers.Dense(100, activation="softmax")


def build_output_layer():
    return keras.layers.Dense(10, activation="sigmoid")


def build_model():
    return keras.Sequential([keras.Input(shape=(784,)), build_hidden_layer(), build_output_layer()])
