# fails: test_build_model_built
# says: The batch dimension is fixed at 32
import keras


def build_model():
    return keras.Sequential(
        [
            keras.Input(shape=(784,), batch_size=32),
            keras.layers.Dense(100, activation="sigmoid"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
