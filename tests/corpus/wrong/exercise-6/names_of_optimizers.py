# fails: test_make_adam_kind, test_make_rmsprop_kind
# says: returned a string instead of
# says: returned a class
import keras


def make_adam():
    return "adam"


def make_rmsprop():
    return keras.optimizers.RMSprop
