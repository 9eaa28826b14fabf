# fails: test_build_output_layer_units, test_build_model_layers
# says: ten classes need ten
# says: number of units is 1 instead of 10
import tensorflow as tf


def build_output_layer():
    return tf.keras.layers.Dense(1, activation="softmax")


def build_model():
    model = tf.keras.Sequential()
    model.add(tf.keras.Input(shape=(784,)))
    model.add(tf.keras.layers.Dense(100, activation="sigmoid"))
    model.add(build_output_layer())
    return model
