# fails: test_build_model_layers
# says: The number of layers is 1 instead of 2
import keras


def build_model():
    return keras.Sequential([keras.Input(shape=(784,)), keras.layers.Dense(10, activation="softmax")])
