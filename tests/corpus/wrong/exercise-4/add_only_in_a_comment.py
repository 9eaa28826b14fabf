# fails: test_build_model_with_add_calls
# says: never calls `add()`
import keras


def build_named_model():
    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Dense(100, activation="sigmoid", name="hidden"),
            keras.layers.Dense(10, activation="softmax", name="output"),
        ],
        name="fashion_mnist",
    )


def build_model_with_add():
    """Makes the model with model.add(...)."""
    # model.add(hidden)
    return build_named_model()
