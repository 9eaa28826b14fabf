# fails: test_build_model_with_add_layers
# says: 200
import keras


def build_model_with_add():
    model = keras.Sequential(name="fashion_mnist")
    model.add(keras.Input(shape=(784,)))
    model.add(keras.layers.Dense(200, activation="sigmoid", name="hidden"))
    model.add(keras.layers.Dense(10, activation="softmax", name="output"))
    return model
