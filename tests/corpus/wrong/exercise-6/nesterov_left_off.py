# fails: test_make_nesterov_sgd_settings
# says: This is plain momentum
import keras


def make_nesterov_sgd():
    return keras.optimizers.SGD(momentum=0.9)
