import tensorflow as tf


def build_hidden_layer():
    return tf.keras.layers.Dense(100, activation=tf.keras.activations.sigmoid)


def build_output_layer():
    return tf.keras.layers.Dense(units=10, activation=tf.nn.softmax)


def build_model():
    model = tf.keras.models.Sequential()
    model.add(tf.keras.Input(shape=(784,)))
    model.add(build_hidden_layer())
    model.add(build_output_layer())
    return model
