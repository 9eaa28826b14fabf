import keras


def build_classifier():
    schedule = keras.optimizers.schedules.ExponentialDecay(0.002, decay_steps=300, decay_rate=0.9)
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Reshape((784,)),
            keras.layers.Dense(200, activation="gelu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(schedule), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
