# note: a learning rate schedule, batch normalization and a separate activation in the classifier are the student's choice
import tensorflow as tf
from tensorflow.keras import optimizers as opt


def make_sgd():
    return opt.SGD(learning_rate=1e-1, momentum=0.0, nesterov=False)


def make_nesterov_sgd():
    return opt.SGD(momentum=0.9, nesterov=True, name="nesterov")


def make_adagrad():
    return opt.Adagrad(learning_rate=0.1, initial_accumulator_value=0.1)


def make_rmsprop():
    return opt.RMSprop(learning_rate=0.001, rho=0.9)


def make_adam():
    return opt.Adam(learning_rate=0.001, beta_1=0.9, beta_2=0.999)


def compile_model(model, optimizer="rmsprop"):
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["loss", "accuracy"][1:])
    return model


def build_classifier():
    model = tf.keras.Sequential()
    model.add(tf.keras.layers.Flatten(input_shape=(28, 28)))
    model.add(tf.keras.layers.Dense(100))
    model.add(tf.keras.layers.BatchNormalization())
    model.add(tf.keras.layers.Activation("relu"))
    model.add(tf.keras.layers.Dense(10, activation="softmax"))
    schedule = opt.schedules.ExponentialDecay(0.002, decay_steps=300, decay_rate=0.9)
    return compile_model(model, opt.Adam(schedule))
