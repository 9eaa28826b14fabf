# note: computes with TensorFlow and returns NumPy; the model is built by build()
import numpy as np
import tensorflow as tf


def relu(z):
    result = tf.nn.relu(tf.convert_to_tensor(z, dtype=tf.float64)).numpy()
    return result if np.ndim(z) else float(result)


def build_relu_model():
    model = tf.keras.Sequential(
        [
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(100, activation=tf.nn.relu),
            tf.keras.layers.Dense(10, activation=tf.nn.softmax),
        ]
    )
    model.build((None, 28, 28))
    return model
