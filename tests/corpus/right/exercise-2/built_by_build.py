import keras


def build_hidden_layer():
    layer = keras.layers.Dense(100, "sigmoid")
    layer.build((None, 784))
    return layer


def build_output_layer():
    return keras.layers.Dense(10, "softmax", name="output")


def build_model():
    model = keras.Sequential([keras.layers.Dense(100, "sigmoid"), keras.layers.Dense(10, "softmax")])
    model.build((None, 784))
    return model
