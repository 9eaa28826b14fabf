# note: add() is called by map, and by a name that was given to it
import keras


def build_model_with_add():
    model = keras.Sequential(name="fashion_mnist")
    layers = [
        keras.Input(shape=(784,)),
        keras.layers.Dense(100, activation="sigmoid", name="hidden"),
        keras.layers.Dense(10, activation="softmax", name="output"),
    ]
    list(map(model.add, layers))
    return model
