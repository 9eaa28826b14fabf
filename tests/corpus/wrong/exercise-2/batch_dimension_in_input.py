# fails: test_build_model_input_shape
# says: The batch dimension is given to Input as well
import keras


def build_model():
    return keras.Sequential(
        [
            keras.Input(shape=(None, 784)),
            keras.layers.Dense(100, activation="sigmoid"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
