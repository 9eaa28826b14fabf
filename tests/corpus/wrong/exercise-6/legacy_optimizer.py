# fails: test_make_sgd_kind
# says: legacy optimizers are gone
import tensorflow as tf


def make_sgd():
    return tf.keras.optimizers.legacy.SGD(learning_rate=0.1)
