# fails: test_build_deep_model_several, test_build_deep_model_none
# says: The number of layers is 2 instead of 3
# says: A list may be empty
# says: Go through the list in a loop
import keras


def build_deep_model(hidden_units):
    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Dense(hidden_units[0], activation="sigmoid"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
