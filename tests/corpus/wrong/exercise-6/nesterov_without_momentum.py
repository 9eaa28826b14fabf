# fails: test_make_nesterov_sgd_settings
# says: The momentum is missing
import keras


def make_nesterov_sgd():
    return keras.optimizers.SGD(nesterov=True)
