# note: add() is looked up by its name
import keras


def build_model_with_add():
    model = keras.Sequential(name="fashion_mnist")
    for layer in (
        keras.Input(shape=(784,)),
        keras.layers.Dense(100, activation="sigmoid", name="hidden"),
        keras.layers.Dense(10, activation="softmax", name="output"),
    ):
        getattr(model, "add")(layer)
    return model
