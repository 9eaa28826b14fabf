# fails: test_relu_shape
# says: a tensor where a NumPy array belongs
import tensorflow as tf


def relu(z):
    return tf.nn.relu(z)
