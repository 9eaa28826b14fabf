# fails: test_build_model_fresh
# says: Two calls of build_model returned the same object
import keras

model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(100, activation="sigmoid"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)


def build_model():
    return model
