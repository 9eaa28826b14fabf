# note: a subclass of Sequential that adds its layers to itself
import keras


class TwoLayers(keras.Sequential):
    def __init__(self):
        super().__init__(name="fashion_mnist")
        self.add(keras.Input(shape=(784,)))
        self.add(keras.layers.Dense(100, activation="sigmoid", name="hidden"))
        super().add(keras.layers.Dense(10, activation="softmax", name="output"))


def build_model_with_add():
    return TwoLayers()
