# fails: test_build_model_kind
# says: of class Model instead of Sequential
import keras


def build_model():
    inputs = keras.Input(shape=(784,))
    hidden = keras.layers.Dense(100, activation="sigmoid")(inputs)
    outputs = keras.layers.Dense(10, activation="softmax")(hidden)
    return keras.Model(inputs, outputs)
