# note: tf.keras, the layer's activation by position, the input shape on the first layer (a warning only)
import tensorflow as tf


def build_hidden_layer():
    return tf.keras.layers.Dense(100, "sigmoid", input_shape=(784,))


def build_output_layer():
    return tf.keras.layers.Dense(10, "softmax")


def build_model():
    return tf.keras.models.Sequential([build_hidden_layer(), build_output_layer()])
