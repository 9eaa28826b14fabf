# fails: build_classifier
# says: Keras knows no optimizer named adm
import keras


def build_classifier():
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adm", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
