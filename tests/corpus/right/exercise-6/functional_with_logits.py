# note: the functional API, logits with a logits loss
import keras
from keras import layers, optimizers


def make_sgd():
    return optimizers.SGD(0.1)


def make_nesterov_sgd():
    return optimizers.SGD(0.01, 0.9, True)


def make_adagrad():
    return optimizers.Adagrad(1e-1)


def make_rmsprop():
    return optimizers.RMSprop()


def make_adam():
    return optimizers.Adam()


def compile_model(model, optimizer):
    model.compile(
        optimizer, keras.losses.SparseCategoricalCrossentropy(), metrics=[keras.metrics.SparseCategoricalAccuracy()]
    )
    return model


def build_classifier():
    inputs = keras.Input((28, 28))
    hidden = layers.Dense(128, activation="relu")(layers.Flatten()(inputs))
    hidden = layers.Dropout(0.2)(hidden)
    model = keras.Model(inputs, layers.Dense(10)(hidden))
    model.compile(
        optimizer=make_adam(),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model
