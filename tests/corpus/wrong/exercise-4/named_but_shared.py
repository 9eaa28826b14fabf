# fails: test_build_named_model_fresh
# says: share layers
import keras

LAYERS = [
    keras.layers.Dense(100, activation="sigmoid", name="hidden"),
    keras.layers.Dense(10, activation="softmax", name="output"),
]


def build_named_model():
    return keras.Sequential([keras.Input(shape=(784,)), *LAYERS], name="fashion_mnist")
