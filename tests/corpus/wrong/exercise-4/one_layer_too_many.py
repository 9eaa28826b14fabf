# fails: build_model_with_add
# says: Not asked for: Dense
import keras


def build_model_with_add():
    model = keras.Sequential(name="fashion_mnist")
    model.add(keras.Input((784,)))
    model.add(keras.layers.Dense(100, activation="sigmoid", name="hidden"))
    model.add(keras.layers.Dense(10, activation="softmax", name="output"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model
