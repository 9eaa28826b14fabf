# note: input_shape on the first layer, as the chapter has it
from tensorflow import keras


def build_named_model():
    model = keras.Sequential([
        keras.layers.Dense(100, activation='sigmoid', input_shape=(784,), name='hidden'),
        keras.layers.Dense(10, activation='softmax', name='output')
    ], name='fashion_mnist')
    return model


def build_model_with_add():
    model = keras.Sequential(name='fashion_mnist')
    model.add(keras.layers.Dense(100, activation='sigmoid', input_shape=(784,), name='hidden'))
    model.add(keras.layers.Dense(10, activation='softmax', name='output'))
    return model


def build_deep_model(hidden_units):
    model = keras.Sequential()
    model.add(keras.Input((784,)))
    for i, units in enumerate(hidden_units):
        model.add(keras.layers.Dense(int(units), activation='sigmoid', name=f'hidden_{i + 1}'))
    model.add(keras.layers.Dense(10, activation='softmax', name='output'))
    return model
