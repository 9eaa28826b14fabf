# fails: test_build_model_built
# says: The model was never built
import keras


def build_model():
    return keras.Sequential(
        [keras.layers.Dense(100, activation="sigmoid"), keras.layers.Dense(10, activation="softmax")]
    )
