# fails: test_build_relu_model_flatten
# says: The Flatten layer stands too late
import keras


def build_relu_model():
    model = keras.Sequential()
    model.add(keras.layers.Dense(100, activation="relu", input_shape=(28, 28)))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model
