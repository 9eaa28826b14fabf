# fails: test_build_named_model_kind
# says: The second positional argument of Sequential is trainable
import keras


def build_named_model():
    layers = [
        keras.Input(shape=(784,)),
        keras.layers.Dense(100, activation="sigmoid", name="hidden"),
        keras.layers.Dense(10, activation="softmax", name="output"),
    ]
    return keras.Sequential(layers, "fashion_mnist")
