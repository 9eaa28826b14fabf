import keras
from keras import optimizers
from keras.optimizers import SGD, Adagrad, Adam, RMSprop


def make_sgd():
    return SGD(0.1)


def make_nesterov_sgd():
    return optimizers.SGD(momentum=0.9, nesterov=True, name="nesterov")


def make_adagrad():
    return Adagrad(learning_rate=1e-1)


def make_rmsprop():
    return RMSprop()


def make_adam():
    return Adam()


def compile_model(model, optimizer):
    model.compile(
        optimizer=optimizer,
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model
