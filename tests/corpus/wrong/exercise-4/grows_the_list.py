# fails: test_build_deep_model_tuple
# says: has no attribute 'append'
import keras


def build_deep_model(hidden_units):
    hidden_units.append(10)
    model = keras.Sequential([keras.Input(shape=(784,))])
    for units in hidden_units[:-1]:
        model.add(keras.layers.Dense(units, activation="sigmoid"))
    model.add(keras.layers.Dense(hidden_units[-1], activation="softmax"))
    return model
