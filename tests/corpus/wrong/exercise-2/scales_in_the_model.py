# fails: test_build_model_layers
# says: scaling twice
import keras


def build_model():
    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Dense(100, activation="sigmoid"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
