# fails: test_make_nesterov_sgd_kind
# says: Nadam
import keras


def make_nesterov_sgd():
    return keras.optimizers.Nadam(learning_rate=0.01)
