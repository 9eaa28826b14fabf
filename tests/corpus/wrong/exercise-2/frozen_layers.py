# fails: test_build_model_accuracy
# says: The model is frozen
import keras


def build_model():
    model = keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Dense(100, activation="sigmoid"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    for layer in model.layers:
        layer.trainable = False
    return model
