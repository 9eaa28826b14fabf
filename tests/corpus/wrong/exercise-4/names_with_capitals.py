# fails: test_build_named_model_layer_names, test_build_named_model_name
# says: Capitals matter
# says: The name is almost right
import keras


def build_named_model():
    layers = [
        keras.Input(shape=(784,)),
        keras.layers.Dense(100, activation="sigmoid", name="Hidden"),
        keras.layers.Dense(10, activation="softmax", name="Output"),
    ]
    return keras.Sequential(layers, name="Fashion-MNIST")
