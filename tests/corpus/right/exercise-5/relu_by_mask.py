import numpy as np
from keras import Sequential
from keras.layers import Dense, Flatten, Input


def relu(z):
    out = np.array(z, dtype=float, copy=True)
    out[out < 0] = 0
    return out


def build_relu_model():
    model = Sequential()
    model.add(Input(shape=(28, 28)))
    model.add(Flatten())
    model.add(Dense(100, activation="relu"))
    model.add(Dense(10, activation="softmax"))
    return model
