# fails: test_make_adam_kind, test_make_adagrad_kind
# says: of class AdamW instead of Adam
# says: of class Adadelta instead of Adagrad
import keras


def make_adam():
    return keras.optimizers.AdamW(learning_rate=0.001)


def make_adagrad():
    return keras.optimizers.Adadelta(learning_rate=0.1)
