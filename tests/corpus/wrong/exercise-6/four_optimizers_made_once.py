# fails: test_make_sgd_fresh, test_make_nesterov_sgd_fresh, test_make_adagrad_fresh, test_make_rmsprop_fresh
# says: returned the same optimizer
import keras

sgd = keras.optimizers.SGD(learning_rate=0.1)
nesterov = keras.optimizers.SGD(momentum=0.9, nesterov=True)
adagrad = keras.optimizers.Adagrad(learning_rate=0.1)
rmsprop = keras.optimizers.RMSprop(learning_rate=0.001)


def make_sgd():
    return sgd


def make_nesterov_sgd():
    return nesterov


def make_adagrad():
    return adagrad


def make_rmsprop():
    return rmsprop
