import numpy as np
from tensorflow import keras


def build_hidden_layer():
    return keras.layers.Dense(100, activation="sigmoid")


def build_output_layer():
    return keras.layers.Dense(10, activation="softmax")


def build_model():
    model = keras.Sequential([keras.Input(shape=(784,)), build_hidden_layer(), build_output_layer()])
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(np.zeros((8, 784)), np.zeros(8), epochs=1, verbose=0)
    model.summary()
    return model
