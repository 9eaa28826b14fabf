# fails: test_build_deep_model_one
# says: still asks for sigmoid
import keras


def build_deep_model(hidden_units):
    model = keras.Sequential([keras.Input(shape=(784,))])
    for units in hidden_units:
        model.add(keras.layers.Dense(units, activation="relu"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model
