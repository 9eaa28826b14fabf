from functools import wraps

import keras


def announced(function):
    @wraps(function)
    def call(*args, **kwargs):
        print("building", function.__name__)
        return function(*args, **kwargs)

    return call


def dense(units: int, activation: str = "sigmoid") -> keras.layers.Dense:
    return keras.layers.Dense(units, activation=activation)


@announced
def build_hidden_layer():
    return dense(100)


@announced
def build_output_layer():
    return dense(10, "softmax")


@announced
def build_model(seed: int = 42):
    keras.utils.set_random_seed(seed)
    return keras.models.Sequential([keras.Input((784,)), build_hidden_layer(), build_output_layer()])
