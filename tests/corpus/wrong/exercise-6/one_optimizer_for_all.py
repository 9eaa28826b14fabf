# fails: test_make_adam_fresh
# says: returned the same optimizer
import keras

adam = keras.optimizers.Adam(learning_rate=0.001)


def make_adam():
    return adam
