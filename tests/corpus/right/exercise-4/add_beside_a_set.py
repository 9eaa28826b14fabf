# note: the model is annotated and has a second name; a set is added to as well
import keras


def build_model_with_add() -> keras.Sequential:
    model: keras.Sequential = keras.Sequential(name="fashion_mnist")
    network = model
    seen = set()
    for name, layer in (
        ("pixels", keras.Input(shape=(784,))),
        ("hidden", keras.layers.Dense(100, activation="sigmoid", name="hidden")),
        ("output", keras.layers.Dense(10, activation="softmax", name="output")),
    ):
        if name not in seen:
            seen.add(name)
            network.add(layer)
    return model
