# fails: test_make_sgd_kind, test_make_adagrad_kind
# says: Keras 3 calls this argument learning_rate
import keras


def make_sgd():
    return keras.optimizers.SGD(lr=0.1)


def make_adagrad():
    return keras.optimizers.Adagrad(learning=0.1)
