# fails: test_build_model_kind
# says: returned several objects instead of one
import keras


def build_model():
    return [keras.layers.Dense(100, activation="sigmoid"), keras.layers.Dense(10, activation="softmax")]
