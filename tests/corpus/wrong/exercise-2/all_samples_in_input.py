# fails: build_model
# says: (None, 60000, 784)
# says: without the number of samples
import keras


def build_model():
    return keras.Sequential(
        [
            keras.Input(shape=(60000, 784)),
            keras.layers.Dense(100, activation="sigmoid"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
