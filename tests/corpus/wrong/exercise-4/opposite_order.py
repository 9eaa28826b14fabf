# fails: test_build_deep_model_several
# says: opposite order
import keras


def build_deep_model(hidden_units):
    model = keras.Sequential([keras.Input(shape=(784,))])
    for units in sorted(reversed(hidden_units), key=lambda _: 0):
        model.add(keras.layers.Dense(units, activation="sigmoid"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model
