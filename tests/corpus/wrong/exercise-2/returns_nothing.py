# fails: test_build_hidden_layer_kind, test_build_output_layer_kind, test_build_model_kind
# says: returned nothing (None)
import keras


def build_hidden_layer():
    hidden = keras.layers.Dense(100, activation="sigmoid")


def build_output_layer():
    print(keras.layers.Dense(10, activation="softmax"))


def build_model():
    model = keras.Sequential([keras.Input(shape=(784,)), keras.layers.Dense(100, activation="sigmoid")])
    model.summary()
