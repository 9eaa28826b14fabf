# note: Keras's own functions, not their names
import keras
from keras.losses import sparse_categorical_crossentropy
from keras.metrics import sparse_categorical_accuracy


def compile_model(model, optimizer):
    model.compile(optimizer, loss=sparse_categorical_crossentropy, metrics=[sparse_categorical_accuracy])
    return model


def make_sgd():
    return keras.optimizers.SGD(learning_rate=0.1)
