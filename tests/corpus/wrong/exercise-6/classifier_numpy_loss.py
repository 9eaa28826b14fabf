# fails: test_build_classifier_inputs
# says: of your own
import keras


def my_loss(targets, outputs):
    return keras.losses.sparse_categorical_crossentropy(targets, outputs)


def build_classifier():
    model = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss=my_loss, metrics=["accuracy"])
    return model
