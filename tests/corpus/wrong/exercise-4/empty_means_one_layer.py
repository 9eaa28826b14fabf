# fails: test_build_deep_model_none
# says: The number of layers is 2 instead of 1
import keras


def build_deep_model(hidden_units):
    model = keras.Sequential([keras.Input(shape=(784,))])
    for units in hidden_units or [100]:
        model.add(keras.layers.Dense(units, activation="sigmoid"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model
