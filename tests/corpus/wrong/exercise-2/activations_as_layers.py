# fails: test_build_model_layers
# says: an activation is a layer of its own
# says: leave the separate layer out
import keras


def build_model():
    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Dense(100),
            keras.layers.Activation("sigmoid"),
            keras.layers.Dense(10),
            keras.layers.Activation("softmax"),
        ]
    )
