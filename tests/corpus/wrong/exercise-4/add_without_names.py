# fails: test_build_model_with_add_layer_names, test_build_model_with_add_name
# says: give them yours with `name=`
import keras


def build_model_with_add():
    model = keras.Sequential()
    model.add(keras.Input(shape=(784,)))
    model.add(keras.layers.Dense(100, activation="sigmoid"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model
