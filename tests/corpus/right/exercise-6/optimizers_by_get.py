from tensorflow import keras


def make_sgd():
    return keras.optimizers.get({"class_name": "SGD", "config": {"learning_rate": 0.1}})


def make_rmsprop():
    return keras.optimizers.get("rmsprop")


def make_adam():
    return keras.optimizers.get("adam")


def compile_model(net, how="adam"):
    net.compile(how, "sparse_categorical_crossentropy", metrics=["acc"])
    return net
