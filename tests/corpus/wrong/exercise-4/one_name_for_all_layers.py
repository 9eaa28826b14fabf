# fails: test_build_deep_model_inputs
# says: Two layers of the model have the same name
import keras


def build_deep_model(hidden_units):
    model = keras.Sequential([keras.Input(shape=(784,))])
    for units in hidden_units:
        model.add(keras.layers.Dense(units, activation="sigmoid", name="hidden"))
    model.add(keras.layers.Dense(10, activation="softmax", name="output"))
    return model
