# fails: test_build_model_kind
# says: NameError
import keras


def build_model():
    return keras.Sequential([keras.Input(shape=(784,)), hidden, output])
