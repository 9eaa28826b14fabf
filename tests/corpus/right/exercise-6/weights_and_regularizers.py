# note: a trained model given back, regularizers, gradient clipping; classes may weigh less than they do
import keras
import numpy as np
from keras import regularizers


def make_sgd():
    return keras.optimizers.SGD(learning_rate=0.1)


def make_nesterov_sgd():
    return keras.optimizers.SGD(nesterov=True, momentum=9e-1)


def make_adagrad():
    return keras.optimizers.Adagrad(learning_rate=0.1)


def make_rmsprop():
    return keras.optimizers.RMSprop(learning_rate=1e-3)


def make_adam():
    return keras.optimizers.Adam(learning_rate=1e-3)


def compile_model(model, optimizer):
    model.compile(
        optimizer=keras.optimizers.get(optimizer), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


def build_classifier():
    model = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(200, activation="elu", kernel_regularizer=regularizers.L2(1e-5)),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Nadam(learning_rate=0.001, clipnorm=1.0),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    rng = np.random.default_rng(0)
    model.fit(rng.random((64, 28, 28)), rng.integers(0, 10, 64), epochs=1, verbose=0)
    return model
