# fails: test_build_model_with_add_calls
# says: not that of a model
# note: a call of some add() beside a model that is made from a list
import keras


def build_model_with_add():
    set().add(0)
    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Dense(100, activation="sigmoid", name="hidden"),
            keras.layers.Dense(10, activation="softmax", name="output"),
        ],
        name="fashion_mnist",
    )
