# fails: test_build_relu_model_fresh
# says: share layers
import keras

HIDDEN = keras.layers.Dense(100, activation="relu")


def build_relu_model():
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            HIDDEN,
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
