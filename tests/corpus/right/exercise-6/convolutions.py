# note: a small convolutional network; the metric under its short name; loss and metric as functions
import keras
from keras import layers


def make_sgd():
    return keras.optimizers.SGD(learning_rate=1 / 10)


def make_nesterov_sgd():
    return keras.optimizers.get({"class_name": "SGD", "config": {"momentum": 0.9, "nesterov": True}})


def make_adagrad():
    return keras.optimizers.Adagrad(learning_rate=0.1)


def make_rmsprop():
    return keras.optimizers.get("rmsprop")


def make_adam():
    return keras.optimizers.get("adam")


def compile_model(model, optimizer):
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["acc"])
    return model


def build_classifier():
    model = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    return compile_model(model, make_adam())
