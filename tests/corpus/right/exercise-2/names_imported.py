# note: names imported from inside Keras, a compiled model, a model called on two batches of different size
from keras import Input
from keras.layers import Dense
from keras.models import Sequential
import numpy as np


def build_hidden_layer():
    return Dense(100, activation="sigmoid", name="dense_hidden")


def build_output_layer():
    return Dense(10, activation="softmax", name="dense_output")


def build_model():
    model = Sequential([Input((784,)), build_hidden_layer(), build_output_layer()], name="my_model")
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model(np.zeros((3, 784)))
    model(np.zeros((5, 784)))
    model.summary()
    return model
