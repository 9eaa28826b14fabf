# fails: test_build_model_input_shape
# says: A number of samples is given to Input
import keras


def build_model():
    return keras.Sequential(
        [
            keras.Input(shape=(60, 784)),
            keras.layers.Dense(100, activation="sigmoid"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
