# fails: build_classifier
# says: takes images with a channel dimension
import keras


def build_classifier():
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
