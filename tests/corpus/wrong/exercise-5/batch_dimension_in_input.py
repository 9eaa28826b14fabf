# fails: build_relu_model
# says: A length of the inputs is unknown
import keras


def build_relu_model():
    return keras.Sequential(
        [
            keras.Input((None, 28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
