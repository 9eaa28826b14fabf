# fails: test_build_relu_model_kind
# says: Flatten takes no shape as its first argument
import keras


def build_relu_model():
    return keras.Sequential(
        [
            keras.layers.Flatten(28, 28),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
