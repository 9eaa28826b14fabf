# note: initial weights are not asked for; an unused import, a helper, keyword arguments in another order
import matplotlib.pyplot as plt
import keras
from keras import layers, initializers


def dense(units, activation, seed=None):
    return layers.Dense(activation=activation, units=units, kernel_initializer=initializers.HeNormal(seed=seed))


def build_hidden_layer():
    return dense(100, "sigmoid")


def build_output_layer():
    return dense(10, "softmax")


def build_model():
    model = keras.Sequential()
    for layer in [layers.Input(shape=[784]), build_hidden_layer(), build_output_layer()]:
        model.add(layer)
    assert model.count_params() == 79510, model.count_params()
    return model
