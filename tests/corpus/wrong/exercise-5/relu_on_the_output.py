# fails: test_build_relu_model_layers
# says: ReLU on the output layer gives no probabilities
import keras


def build_relu_model():
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="relu"),
        ]
    )
