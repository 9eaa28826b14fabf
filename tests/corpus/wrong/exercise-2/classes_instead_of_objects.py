# fails: test_build_hidden_layer_kind, test_build_output_layer_kind
# says: returned a class
from keras.layers import Dense


def build_hidden_layer():
    return Dense


def build_output_layer():
    return Dense
