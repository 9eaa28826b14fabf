# note: add() is called by a name of the student's own
import keras


def build_model_with_add():
    model = keras.Sequential(name="fashion_mnist")
    append_layer = model.add
    append_layer(keras.Input(shape=(784,)))
    append_layer(keras.layers.Dense(100, activation="sigmoid", name="hidden"))
    append_layer(keras.layers.Dense(10, activation="softmax", name="output"))
    return model
