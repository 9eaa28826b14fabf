# fails: relu
# says: NumPy


def relu(z):
    import tensorflow as tf

    return tf.nn.relu(z)
