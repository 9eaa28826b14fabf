# fails: test_build_hidden_layer_kind, test_build_model_kind
# says: tensorflow.python.keras
from tensorflow.python.keras.layers import Dense
from tensorflow.python.keras.models import Sequential


def build_hidden_layer():
    return Dense(100, activation="sigmoid")


def build_model():
    return Sequential([Dense(100, activation="sigmoid", input_shape=(784,)), Dense(10, activation="softmax")])
