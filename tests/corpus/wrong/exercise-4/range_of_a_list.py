# fails: build_deep_model
# says: A list stands where an integer
import keras


def build_deep_model(hidden_units):
    model = keras.Sequential([keras.Input((784,))])
    for number in range(hidden_units):
        model.add(keras.layers.Dense(hidden_units[number], activation="sigmoid"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model
