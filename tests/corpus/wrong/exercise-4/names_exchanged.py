# fails: test_build_named_model_layer_names
# says: The two names are exchanged
import keras


def build_named_model():
    layers = [
        keras.Input(shape=(784,)),
        keras.layers.Dense(100, activation="sigmoid", name="output"),
        keras.layers.Dense(10, activation="softmax", name="hidden"),
    ]
    return keras.Sequential(layers, name="fashion_mnist")
