# fails: test_build_relu_model_inputs
# says: its inputs must be images of 28 x 28 pixels
import keras


def build_relu_model():
    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Flatten(),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
