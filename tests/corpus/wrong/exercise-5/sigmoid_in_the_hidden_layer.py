# fails: test_build_relu_model_layers
# says: has the activation sigmoid where relu belongs
import keras


def build_relu_model():
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(100, activation="sigmoid"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
