# note: add() is called in a helper, and in a loop
import keras


def stack(model, *layers):
    for layer in layers:
        model.add(layer)
    return model


def two_layers():
    return (
        keras.layers.Dense(100, activation="sigmoid", name="hidden"),
        keras.layers.Dense(10, activation="softmax", name="output"),
    )


def build_named_model():
    return keras.Sequential([keras.Input(shape=(784,)), *two_layers()], name="fashion_mnist")


def build_model_with_add():
    return stack(keras.Sequential(name="fashion_mnist"), keras.Input(shape=(784,)), *two_layers())


def build_deep_model(hidden_units):
    layers = [keras.layers.Dense(units, activation="sigmoid") for units in hidden_units]
    return stack(
        keras.Sequential([keras.Input(shape=(784,))]), *layers, keras.layers.Dense(10, activation="softmax")
    )
