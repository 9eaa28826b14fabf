# fails: test_build_model_kind
# says: Put square brackets around the layers
import keras


def build_model():
    return keras.Sequential(
        keras.layers.Dense(100, activation="sigmoid", input_shape=(784,)), keras.layers.Dense(10, activation="softmax")
    )
