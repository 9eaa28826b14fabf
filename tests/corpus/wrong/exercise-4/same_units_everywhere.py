# fails: test_build_deep_model_several
# says: the number of units is
import keras


def build_deep_model(hidden_units):
    model = keras.Sequential([keras.Input(shape=(784,))])
    for _ in hidden_units:
        model.add(keras.layers.Dense(hidden_units[0], activation="sigmoid"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model
