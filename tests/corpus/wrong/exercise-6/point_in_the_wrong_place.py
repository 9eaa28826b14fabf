# fails: test_make_rmsprop_settings, test_make_adam_settings
# says: The decimal point of the learning rate
import keras


def make_rmsprop():
    return keras.optimizers.RMSprop(learning_rate=0.01)


def make_adam():
    return keras.optimizers.Adam(0.1)
