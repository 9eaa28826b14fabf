# note: functions made in a loop and by a factory; the classifier of the earlier exercise, with SGD
import keras

SETTINGS = {
    "sgd": (keras.optimizers.SGD, {"learning_rate": 0.1}),
    "nesterov_sgd": (keras.optimizers.SGD, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (keras.optimizers.Adagrad, {"learning_rate": 0.1}),
    "rmsprop": (keras.optimizers.RMSprop, {"learning_rate": 0.001}),
    "adam": (keras.optimizers.Adam, {"learning_rate": 0.001}),
}


def maker(name):
    kind, settings = SETTINGS[name]
    return lambda: kind(**settings)


make_sgd = maker("sgd")
make_nesterov_sgd = maker("nesterov_sgd")
make_adagrad = maker("adagrad")
make_rmsprop = maker("rmsprop")
make_adam = maker("adam")


def compile_model(model, optimizer):
    settings = dict(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.compile(optimizer=optimizer, **settings)
    return model


def build_classifier():
    model = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    return compile_model(model, make_nesterov_sgd())
