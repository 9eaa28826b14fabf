# fails: test_build_deep_model_kind
# says: takes one number
import keras


def build_deep_model(hidden_units):
    model = keras.Sequential([keras.Input(shape=(784,))])
    model.add(keras.layers.Dense(hidden_units, activation="sigmoid"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model
