# fails: test_build_relu_model_inputs
# says: The model was never built
import keras


def build_relu_model():
    return keras.Sequential(
        [
            keras.layers.Flatten(),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
