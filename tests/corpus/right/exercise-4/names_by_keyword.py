import keras
from keras import layers as L


def build_named_model():
    return keras.Sequential(
        layers=[
            L.Input(shape=(784,), name="pixels"),
            L.Dense(name="hidden", units=100, activation="sigmoid"),
            L.Dense(name="output", units=10, activation="softmax"),
        ],
        name="fashion_mnist",
    )


def build_model_with_add():
    model = keras.Sequential(name="fashion_mnist")
    for layer in (
        L.Input((784,)),
        L.Dense(100, activation="sigmoid", name="hidden"),
        L.Dense(10, activation="softmax", name="output"),
    ):
        model.add(layer)
    return model


def build_deep_model(hidden_units):
    hidden = [L.Dense(units, activation="sigmoid") for units in hidden_units]
    return keras.Sequential([keras.Input((784,)), *hidden, L.Dense(10, activation="softmax")])
