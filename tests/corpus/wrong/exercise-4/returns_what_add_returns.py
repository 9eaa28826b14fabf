# fails: test_build_model_with_add_kind
# says: `compile()`, `add()` and `build()` return nothing
import keras


def build_model_with_add():
    model = keras.Sequential(name="fashion_mnist")
    model.add(keras.layers.Dense(100, activation="sigmoid", name="hidden", input_shape=(784,)))
    return model.add(keras.layers.Dense(10, activation="softmax", name="output"))
