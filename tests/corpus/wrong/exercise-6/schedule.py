# fails: test_make_adam_settings
# says: a fixed number is asked for
import keras


def make_adam():
    return keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.001, 1000, 0.9))
