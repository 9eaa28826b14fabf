# fails: test_build_deep_model_inputs
# says: The model was never built
import keras


def build_deep_model(hidden_units):
    model = keras.Sequential()
    for units in hidden_units:
        model.add(keras.layers.Dense(units, activation="sigmoid"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model
