# fails: test_build_named_model_layer_names, test_build_named_model_name
# says: give them yours with `name=`
# says: give it yours with `name=`
import keras


def build_named_model():
    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Dense(100, activation="sigmoid"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
