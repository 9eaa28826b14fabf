# fails: test_build_model_parameters
# says: The layers have no biases
import keras


def build_model():
    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Dense(100, activation="sigmoid", use_bias=False),
            keras.layers.Dense(10, activation="softmax", use_bias=False),
        ]
    )
