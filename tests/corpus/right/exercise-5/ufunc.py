# note: the ufunc itself with one argument filled in; negative zeros; integers become floats
from functools import partial

import numpy as np
from keras import Sequential
from keras.layers import Dense, Flatten, Input

relu = partial(np.maximum, 0.0)


def build_relu_model():
    return Sequential([Input((28, 28)), Flatten(), Dense(100, "relu"), Dense(10, "softmax")])
