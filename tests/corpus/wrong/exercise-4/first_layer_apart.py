# fails: test_build_deep_model_none
# says: IndexError
import keras


def build_deep_model(hidden_units):
    model = keras.Sequential()
    model.add(keras.layers.Dense(hidden_units[0], activation="sigmoid", input_shape=(784,)))
    for units in hidden_units[1:]:
        model.add(keras.layers.Dense(units, activation="sigmoid"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model
