# fails: build_model
# says: one list of layers
import keras


def build_model():
    return keras.Sequential(
        keras.Input((784,)),
        keras.layers.Dense(100, activation="sigmoid"),
        keras.layers.Dense(10, activation="softmax"),
    )
