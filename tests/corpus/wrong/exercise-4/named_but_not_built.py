# fails: test_build_named_model_inputs
# says: The model was never built
import keras


def build_named_model():
    return keras.Sequential(
        [
            keras.layers.Dense(100, activation="sigmoid", name="hidden"),
            keras.layers.Dense(10, activation="softmax", name="output"),
        ],
        name="fashion_mnist",
    )
