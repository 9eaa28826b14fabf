# fails: test_build_deep_model_one
# says: The number of layers is 1 instead of 2
# says: behind the hidden layers come ten softmax units
import keras


def build_deep_model(hidden_units):
    model = keras.Sequential([keras.Input(shape=(784,))])
    for units in hidden_units:
        model.add(keras.layers.Dense(units, activation="sigmoid"))
    return model
