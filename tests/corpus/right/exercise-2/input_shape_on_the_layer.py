from tensorflow import keras


def build_hidden_layer():
    return keras.layers.Dense(100, activation="sigmoid", input_shape=(784,))


def build_output_layer():
    return keras.layers.Dense(10, activation="softmax")


def build_model():
    return keras.Sequential([build_hidden_layer(), build_output_layer()])
