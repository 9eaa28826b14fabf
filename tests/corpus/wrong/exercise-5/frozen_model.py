# fails: test_build_relu_model_accuracy
# says: The model is frozen
import keras


def build_relu_model():
    layers = [
        keras.Input(shape=(28, 28)),
        keras.layers.Flatten(),
        keras.layers.Dense(100, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
    return keras.Sequential(layers, False)
