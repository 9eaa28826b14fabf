# fails: test_build_relu_model_flatten
# says: The Flatten layer is missing
import keras


def build_relu_model():
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
