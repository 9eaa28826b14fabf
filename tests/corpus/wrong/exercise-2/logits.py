# fails: test_build_output_layer_activation, test_build_model_layers
# says: its outputs are logits
# says: has no activation (linear) where softmax belongs
import keras


def build_output_layer():
    return keras.layers.Dense(10)


def build_model():
    return keras.Sequential(
        [keras.Input(shape=(784,)), keras.layers.Dense(100, activation="sigmoid"), build_output_layer()]
    )
