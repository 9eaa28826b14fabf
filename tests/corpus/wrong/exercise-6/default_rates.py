# fails: test_make_sgd_settings, test_make_adagrad_settings
# says: The learning rate is 0.01, which is Keras's default
# says: The learning rate is 0.001, which is Keras's default
import keras


def make_sgd():
    return keras.optimizers.SGD()


def make_adagrad():
    return keras.optimizers.Adagrad()
